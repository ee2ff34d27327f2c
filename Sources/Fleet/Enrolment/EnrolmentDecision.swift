import Snaps

/// What a request to be enrolled leads to. A pure decision; the ``EnrolmentDesk`` carries it out.
///
/// Assertions are public data and no key is stored, so: an operator named the device before; it enrols once, within
/// ``EnrolmentRecord/window``; and only who shows the same device key again within ``EnrolmentRecord/repeatWindow``, while
/// nobody has used the first credentials yet, gets new ones in their place.
public enum EnrolmentDecision: Equatable, Sendable {
    /// The record as it is once the device has its credentials.
    case issue(EnrolmentRecord)
    case refuse(FleetError)

    /// - Parameters:
    ///   - record: what an operator registered for the device that the assertions name.
    ///   - lastSeen: the last contact of the device that the record names; seconds since 1970, 0 for never.
    public static func decide(
        _ assertions: DeviceAssertions, record: EnrolmentRecord?, lastSeen: Int64, now: Int64
    ) -> EnrolmentDecision {
        let subject = EnrolmentSubject(assertions)
        guard var record, record.subject == subject else {
            return .refuse(
                FleetError(
                    .enrolmentUnknown, "the device \(subject) is not registered for enrolment; register it with otactl enrolments add"))
        }
        let key = assertions.serial.deviceKeyID
        switch record.state {
        case .waiting:
            guard now <= record.expires else {
                return .refuse(
                    FleetError(
                        .enrolmentExpired,
                        "the device \(subject) was registered more than \(EnrolmentRecord.window / 86_400) days ago; run otactl enrolments reset \(record.device)"
                    ))
            }
            record.state = .enrolled(at: now, deviceKey: key)
            return .issue(record)
        case .enrolled(let time, let known):
            // A clock that was put back does not open the window again.
            let isRecent = now >= time && now - time <= EnrolmentRecord.repeatWindow
            guard isRecent, known == key, lastSeen < time else {
                return .refuse(
                    FleetError(
                        .enrolmentDone,
                        "the device \(subject) was enrolled before; if it lost its credentials, run otactl enrolments reset \(record.device)"
                    ))
            }
            return .issue(record)
        }
    }
}
