import Fleet
import Snaps
import Testing
import UpdateTree

@Suite("Who may enrol")
struct EnrolmentDecisionTests {
    private func record(_ state: EnrolmentRecord.State = .waiting, serial: String = "0017") throws -> EnrolmentRecord {
        EnrolmentRecord(
            try EnrolmentSubject(brand: "acme", model: "pump-24", serial: serial), device: try id("d"), organization: .standard,
            channel: .ci,
            registeredAt: 1_000, state: state)
    }

    private func decide(
        _ record: EnrolmentRecord?, key: DeviceKey = .one, lastSeen: Int64 = 0, at now: Int64
    ) throws -> EnrolmentDecision {
        EnrolmentDecision.decide(try assertions(key: key), record: record, lastSeen: lastSeen, now: now)
    }

    private func code(_ decision: EnrolmentDecision) -> FleetError.Code? {
        if case .refuse(let error) = decision { error.code } else { nil }
    }

    private func enrolled(at time: Int64 = 2_000) throws -> EnrolmentRecord {
        try record(.enrolled(at: time, deviceKey: SnapDigest(DeviceKey.one.digest)))
    }

    @Test("a device that no operator named is refused, and so is one with the record of another")
    func unknown() throws {
        #expect(code(try decide(nil, at: 1_000)) == .enrolmentUnknown)
        #expect(code(try decide(record(serial: "0018"), at: 1_000)) == .enrolmentUnknown)
    }

    @Test("a device that waited longer than seven days is refused, up to then it is not")
    func expired() throws {
        #expect(code(try decide(record(), at: 1_000 + 7 * 86_400 + 1)) == .enrolmentExpired)
        #expect(try decide(record(), at: 1_000 + 7 * 86_400) == .issue(enrolled(at: 1_000 + 7 * 86_400)))
    }

    @Test("an enrolled device is refused when ten minutes have passed, its key is another, it was seen since, or the clock was put back")
    func done() throws {
        let record = try enrolled()
        #expect(code(try decide(record, at: 2_601)) == .enrolmentDone)
        #expect(code(try decide(record, key: .two, at: 2_001)) == .enrolmentDone)
        #expect(code(try decide(record, lastSeen: 2_000, at: 2_001)) == .enrolmentDone)
        #expect(code(try decide(record, at: 1_999)) == .enrolmentDone)
    }

    @Test("an enrolled device that lost the answer gets another one, and the ten minutes do not begin anew")
    func lostAnswer() throws {
        #expect(try decide(enrolled(), lastSeen: 1_999, at: 2_600) == .issue(enrolled()))
    }
}
