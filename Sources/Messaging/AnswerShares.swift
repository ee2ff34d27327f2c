import DeviceAuth
import Synchronization

/// Counts the answers of each device that were taken and are not stored yet: one device must not have every place.
final class AnswerShares: Sendable {
    private let most: Int
    private let counts = Mutex<[DeviceID: Int]>([:])

    init(most: Int) { self.most = most }

    /// False when the device has its share.
    func take(_ device: DeviceID) -> Bool {
        counts.withLock { counts in
            let count = counts[device] ?? 0
            guard count < most else { return false }
            counts[device] = count + 1
            return true
        }
    }

    func give(_ device: DeviceID) {
        counts.withLock { counts in
            let count = counts[device] ?? 0
            counts[device] = count > 1 ? count - 1 : nil
        }
    }
}
