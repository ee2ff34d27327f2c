import DeviceAuth
import Fleet
import Synchronization

/// Tells the listeners of the fleet's log what was added to it. Used by the journal's thread, between two groups.
final class FleetAnnouncements: Sendable {
    let feed = TailFeed<FleetTopic>()
    private let told = Atomic<Int64>(0)

    var position: Int64 { told.load(ordering: .acquiring) }

    /// What is before `position` was there before anybody listened.
    func begin(at position: Int64) { told.store(position, ordering: .releasing) }

    /// - Parameter spans: in the order of the log.
    func tell(_ spans: [(device: DeviceID, span: Range<Int64>)]) {
        guard let first = spans.first?.span, let last = spans.last?.span else { return }
        if first.lowerBound == position {
            for (device, span) in spans { feed.wake(.device(device), at: span) }
            feed.wake(.fleet)
        } else {
            // Lines of a group that failed half way, and was done again later: whose they are is in the files.
            feed.wakeAll()
        }
        // Last: who reads it and then finds no news has missed nothing before it.
        told.store(last.upperBound, ordering: .releasing)
    }
}
