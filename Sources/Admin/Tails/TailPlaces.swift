import Synchronization

/// How many listeners all tails together have.
final class TailPlaces: Sendable {
    /// Held as long as the listener is there.
    final class Place: Sendable {
        private let places: TailPlaces

        fileprivate init(_ places: TailPlaces) { self.places = places }

        deinit { places.taken.subtract(1, ordering: .relaxed) }
    }

    /// One more is refused.
    static let most = 4096

    private let taken = Atomic(0)

    func take() throws(Problem) -> Place {
        guard taken.add(1, ordering: .relaxed).newValue <= Self.most else {
            taken.subtract(1, ordering: .relaxed)
            throw Problem(
                .serviceUnavailable, "too-many-listeners", "\(Self.most) listeners are connected; try again later",
                headers: [.retryAfter: "10"])
        }
        return Place(self)
    }
}
