/// The first so many places of a list, found in one pass without sorting the rest.
struct SmallestPlaces {
    private let count: Int
    private var places: [(place: DevicePlace, slot: Int)] = []
    /// The last place that may still be among them, once there are enough.
    private var last: DevicePlace?

    init(count: Int) { self.count = count }

    mutating func insert(_ place: DevicePlace, _ slot: Int) {
        if let last, !place.precedes(last) { return }
        places.append((place, slot))
        // Sorted only when they have doubled: each sorting drops as many as have come since the one before.
        if places.count >= 2 * count + 64 { cut() }
    }

    mutating func sorted() -> [(place: DevicePlace, slot: Int)] {
        cut()
        return places
    }

    private mutating func cut() {
        places.sort { $0.place.precedes($1.place) }
        guard places.count > count else { return }
        places.removeSubrange(count...)
        last = places.last?.place
    }
}
