import Synchronization

/// How many devices are where, and what the server answered.
final class Board: Sendable {
    enum State: String, CaseIterable, Sendable {
        case unseen, idle, downloading, installing, updated
        case downloadFailed = "download failed"
        case installationFailed = "installation failed"
        case silent
    }

    /// What the board shows.
    struct Counts: Equatable, Sendable {
        var devices: [State: Int] = [:]
        var requests = 0
        /// 403.
        var refused = 0
        /// 5xx.
        var failures = 0
        var unreached = 0
    }

    private struct Contents {
        var states: [String: State] = [:]
        var counts = Counts()
    }

    private let contents = Mutex(Contents())
    private let total: Int

    init(devices: Int) {
        total = devices
        contents.withLock { $0.counts.devices[.unseen] = devices }
    }

    var counts: Counts { contents.withLock { $0.counts } }
    var hasSeenAll: Bool { counts.devices[.unseen] == 0 }

    func set(_ device: String, _ state: State) {
        contents.withLock { contents in
            let before = contents.states.updateValue(state, forKey: device) ?? .unseen
            contents.counts.devices[before, default: 0] -= 1
            contents.counts.devices[state, default: 0] += 1
        }
    }

    /// - Parameter status: nil when the server was not reached.
    func count(_ status: Int?) {
        contents.withLock { contents in
            contents.counts.requests += 1
            switch status {
            case nil: contents.counts.unreached += 1
            case 403: contents.counts.refused += 1
            case let status? where status >= 500: contents.counts.failures += 1
            default: break
            }
        }
    }
}

extension Board.Counts {
    /// One line; states without a device are left out.
    func line(since before: Board.Counts, seconds: Double) -> String {
        let states = Board.State.allCases.compactMap { state -> String? in
            guard let count = devices[state], count > 0 else { return nil }
            return "\(state.rawValue) \(count)"
        }
        let rate = seconds > 0 ? Int((Double(requests - before.requests) / seconds).rounded()) : 0
        return "\(states.joined(separator: ", ")) | \(rate) requests/s, refused \(refused), failed \(failures), unreached \(unreached)"
    }
}
