import DeviceAuth
import Fleet
import Testing
import UpdateTree

/// One row of the table of who is let in.
struct AdmissionCase: CustomTestStringConvertible, Sendable {
    let name: String
    let state: DeviceState?
    let policy: RegistrationPolicy
    let expected: Expected

    enum Expected: Equatable {
        case admitted, register, pin, wait
        case refused(FleetError.Code)
    }

    var testDescription: String { name }

    /// The identity that comes has the key `a`.
    static func all() throws -> [AdmissionCase] {
        func state(_ digit: Character?, allows: Bool = false, denied: Bool = false, deleted: Bool = false) throws -> DeviceState {
            DeviceState(
                id: try id("device"), key: try digit.map(key), allowsNewKey: allows, isDenied: denied, isDeleted: deleted, channel: .ci,
                createdAt: 1)
        }
        var cases: [AdmissionCase] = [
            AdmissionCase(name: "unknown, open", state: nil, policy: .open, expected: .register),
            AdmissionCase(name: "unknown, queue", state: nil, policy: .queue, expected: .wait),
            AdmissionCase(name: "unknown, preregistered", state: nil, policy: .preregistered, expected: .refused(.deviceNotRegistered)),
        ]
        for policy in RegistrationPolicy.allCases {
            cases += [
                AdmissionCase(name: "its key", state: try state("a"), policy: policy, expected: .admitted),
                AdmissionCase(name: "no key yet", state: try state(nil), policy: policy, expected: .pin),
                AdmissionCase(name: "another key", state: try state("b"), policy: policy, expected: .refused(.deviceKeyChanged)),
                AdmissionCase(name: "another key, allowed", state: try state("b", allows: true), policy: policy, expected: .pin),
                AdmissionCase(name: "its key, new one allowed", state: try state("a", allows: true), policy: policy, expected: .admitted),
                AdmissionCase(
                    name: "denied, its key", state: try state("a", denied: true), policy: policy, expected: .refused(.deviceDenied)),
                AdmissionCase(
                    name: "denied, no key", state: try state(nil, denied: true), policy: policy, expected: .refused(.deviceDenied)),
                AdmissionCase(
                    name: "denied, another key allowed", state: try state("b", allows: true, denied: true), policy: policy,
                    expected: .refused(.deviceDenied)),
                AdmissionCase(name: "deleted", state: try state(nil, deleted: true), policy: policy, expected: .refused(.deviceDeleted)),
                AdmissionCase(
                    name: "deleted and denied", state: try state("a", denied: true, deleted: true), policy: policy,
                    expected: .refused(.deviceDeleted)),
            ]
        }
        return cases
    }
}

@Suite struct AdmissionTests {
    @Test("a contact is decided by record, key and policy alone", arguments: try AdmissionCase.all())
    func table(row: AdmissionCase) throws {
        let decided = Admission.decide(identity: try identity("device"), known: row.state, policy: row.policy, now: 1_000)
        let outcome: AdmissionCase.Expected =
            switch decided {
            case .admitted: .admitted
            case .register: .register
            case .pin: .pin
            case .wait: .wait
            case .refused(let error): .refused(error.code)
            }
        #expect(outcome == row.expected)
    }
}
