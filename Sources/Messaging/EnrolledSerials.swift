import DeviceAuth
import Synchronization

/// Whose serial is whose by an operator's word: those with which devices are registered for enrolment.
///
/// What a device says of itself never counts against it. Of two devices with the same serial, of different models, the one that
/// was noted first has it.
public final class EnrolledSerials: Sendable {
    /// Devices; beyond it they are taken at their own word.
    public static let most = 200_000

    private struct State {
        var serials: [DeviceID: String] = [:]
        var owners: [String: DeviceID] = [:]

        mutating func note(_ serial: String, of device: DeviceID) {
            if let former = serials[device] {
                let word = SerialWords.filtered(former)
                if owners[word] == device { owners[word] = nil }
            } else if serials.count >= EnrolledSerials.most {
                return
            }
            serials[device] = serial
            let word = SerialWords.filtered(serial)
            if owners[word] == nil { owners[word] = device }
        }
    }

    private let state: Mutex<State>

    public init(_ serials: [(device: DeviceID, serial: String)]) {
        var state = State()
        for (device, serial) in serials { state.note(serial, of: device) }
        self.state = Mutex(state)
    }

    /// A device has been enrolled.
    public func note(_ serial: String, of device: DeviceID) { state.withLock { $0.note(serial, of: device) } }

    public func serial(of device: DeviceID) -> String? { state.withLock { $0.serials[device] } }

    /// - Parameter word: a serial without what is not `[A-Za-z0-9_-]`.
    public func owner(of word: String) -> DeviceID? { state.withLock { $0.owners[word] } }
}
