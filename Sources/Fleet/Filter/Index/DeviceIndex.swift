import DeviceAuth

/// Answers filters over all devices, quickly also when they are many.
///
/// Nothing tells it of changes: when it is asked, it compares the number of each device's last change with the one it
/// knows, an atomic load per device, and looks at those that differ. So an answer holds every change that was
/// acknowledged before the question, and devices on their way to the server pay nothing for it.
///
///     let page = await index.page(try Filter("tag=main and online"), by: .uuid, after: nil, limit: 100, now: now)
public actor DeviceIndex {
    private let directory: DeviceDirectory
    private var devices: [IndexedDevice] = []
    private var slots: [DeviceID: UInt32] = [:]
    private var postings = Postings()

    public init(_ directory: DeviceDirectory) { self.directory = directory }

    /// At most `limit` devices after a place. A filter of nil means all; a deleted device is never among them.
    public func page(_ filter: Filter?, by order: DeviceOrder, after place: DevicePlace?, limit: Int, now: Int64) -> DevicePage {
        // One more than asked for tells whether there is a next page.
        var first = SmallestPlaces(count: limit + 1)
        forEach(filter, now: now) { slot, facts in
            let found = DevicePlace(order, facts.sortValue(order.attribute, now: now), facts.state.id)
            if place?.precedes(found) ?? true { first.insert(found, slot) }
        }
        let found = first.sorted()
        let shown = found.prefix(limit)
        return DevicePage(
            devices: DeviceSelection(devices: shown.map { devices[$0.slot] }), next: found.count > limit ? shown.last?.place : nil)
    }

    /// All devices of which the filter is true.
    public func devices(_ filter: Filter?, by order: DeviceOrder = .uuid, now: Int64) -> DeviceSelection {
        var found: [(place: DevicePlace, slot: Int)] = []
        forEach(filter, now: now) { slot, facts in
            found.append((DevicePlace(order, facts.sortValue(order.attribute, now: now), facts.state.id), slot))
        }
        found.sort { $0.place.precedes($1.place) }
        return DeviceSelection(devices: found.map { devices[$0.slot] })
    }

    /// How many there are, and of each value of an attribute.
    public func counts(_ filter: Filter?, by attribute: FilterAttribute?, now: Int64) -> DeviceCounts {
        var total = 0
        var counts: [String?: Int] = [:]
        forEach(filter, now: now) { _, facts in
            total += 1
            guard let attribute else { return }
            for value in facts.countedValues(attribute, now: now) { counts[value, default: 0] += 1 }
        }
        return DeviceCounts(total: total, counts: counts)
    }

    private func forEach(_ filter: Filter?, now: Int64, _ body: (Int, DeviceFacts) -> Void) {
        refresh()
        func check(_ slot: Int) {
            let facts = devices[slot].facts
            guard filter?.matches(facts, now: now) ?? !facts.state.isDeleted else { return }
            body(slot, facts)
        }
        let candidates = filter.flatMap { filter in
            postings.candidates(for: filter.condition, capacity: devices.count) { text in (try? DeviceID(text)).flatMap { slots[$0] } }
        }
        if let candidates { candidates.forEach(check) } else { devices.indices.forEach(check) }
    }

    private func refresh() {
        for slot in devices.indices where !devices[slot].isCurrent {
            let device = IndexedDevice(devices[slot].entry)
            postings.change(devices[slot].state, to: device.state, at: UInt32(slot))
            devices[slot] = device
        }
        // No entry ever leaves the directory: equal numbers mean the same devices.
        if directory.count != devices.count {
            for entry in directory.all where slots[entry.id] == nil {
                let device = IndexedDevice(entry)
                slots[entry.id] = UInt32(devices.count)
                postings.add(device.state, at: UInt32(devices.count))
                devices.append(device)
            }
        }
        if postings.outdated > max(devices.count, 1000) { rebuild() }
    }

    private func rebuild() {
        postings = Postings()
        for (slot, device) in devices.enumerated() { postings.add(device.state, at: UInt32(slot)) }
    }
}
