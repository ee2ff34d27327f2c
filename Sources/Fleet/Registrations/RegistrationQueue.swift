import DeviceAuth
import Synchronization

/// The registrations in memory. Asked when an unknown device makes contact, and by operators.
public final class RegistrationQueue: Sendable {
    private struct State {
        var all: [DeviceID: Registration] = [:]
        var pending = 0
        /// Places of those that are being stored.
        var reserved = 0
    }

    private let state: Mutex<State>

    init(_ registrations: [Registration]) {
        var all: [DeviceID: Registration] = [:]
        for registration in registrations { all[registration.id] = registration }
        state = Mutex(State(all: all, pending: all.values.count { !$0.isRejected }))
    }

    public subscript(id: DeviceID) -> Registration? { state.withLock { $0.all[id] } }

    /// How many wait.
    public var pending: Int { state.withLock { $0.pending } }

    /// In order of id, after `cursor`.
    public func page(rejected: Bool, after cursor: DeviceID?, limit: Int) -> [Registration] {
        let matching = state.withLock { state in
            state.all.values.filter { registration in
                registration.isRejected == rejected && (cursor.map { $0 < registration.id } ?? true)
            }
        }
        return Array(matching.sorted { $0.id < $1.id }.prefix(limit))
    }

    /// Rejected ones beyond `most`, those first that have not tried for longest.
    func excess(beyond most: Int) -> [DeviceID] {
        let rejected = state.withLock { $0.all.values.filter(\.isRejected) }
        guard rejected.count > most else { return [] }
        return rejected.sorted { ($0.lastTry, $0.id) < ($1.lastTry, $1.id) }.prefix(rejected.count - most).map(\.id)
    }

    /// Takes a place for one more that waits, until ``release()``; false when all are taken.
    func reserve(most: Int) -> Bool {
        state.withLock { state in
            guard state.pending + state.reserved < most else { return false }
            state.reserved += 1
            return true
        }
    }

    func release() { state.withLock { $0.reserved -= 1 } }

    func put(_ registration: Registration) {
        state.withLock { state in
            let before = state.all.updateValue(registration, forKey: registration.id)
            state.pending += (registration.isRejected ? 0 : 1) - (before.map { $0.isRejected ? 0 : 1 } ?? 0)
        }
    }

    func remove(_ ids: [DeviceID]) {
        state.withLock { state in
            for id in ids {
                if let before = state.all.removeValue(forKey: id), !before.isRejected { state.pending -= 1 }
            }
        }
    }
}
