import DeviceAuth
import Fleet
import Testing
import UpdateTree

@Suite struct DeviceIndexTests {
    private let now = RandomFleet.now

    private func made(_ count: Int, _ fleet: inout RandomFleet) throws -> [DeviceEntry] {
        var entries: [DeviceEntry] = []
        for number in 0..<count { entries.append(DeviceEntry(try fleet.state("d\(number)"), lastSeen: fleet.lastSeen())) }
        return entries
    }

    private func scan(_ entries: [DeviceEntry], _ matches: (DeviceFacts) -> Bool) -> [String] {
        entries.map { DeviceFacts($0) }.filter { !$0.state.isDeleted && matches($0) }.map(\.state.id.text).sorted()
    }

    @Test("under random changes the index finds what a plain scan finds", arguments: [21, 22, 23])
    func property(seed: UInt64) async throws {
        var fleet = RandomFleet(random: SeededGenerator(seed: seed))
        var random = SeededGenerator(seed: seed &+ 1)
        let entries = try made(300, &fleet)
        // More changes than there are devices, several times: the lists of the index are built anew meanwhile.
        let directory = DeviceDirectory(entries)
        let index = DeviceIndex(directory)
        for round in 0..<250 {
            for _ in 0..<40 {
                guard let entry = entries.randomElement(using: &random) else { continue }
                var state = entry.state
                try fleet.change(&state)
                entry.change { $0 = state }
                if Bool.random(using: &random) { entry.see(at: fleet.lastSeen()) }
            }
            let question = RandomFilter.make(&random)
            let filter = try Filter(question.text(&random))
            let expected = scan(entries) { question.matches($0, now: now) }
            let found = await index.devices(filter, now: now).map(\.state.id.text)
            #expect(found == expected, "seed \(seed), round \(round): \(filter)")
            #expect(await index.counts(filter, by: nil, now: now).total == expected.count)
        }
        #expect(await index.devices(nil, now: now).map(\.state.id.text) == scan(entries) { _ in true })
    }

    @Test("a device that registers, and one that changes, is in the next answer")
    func fresh() async throws {
        let registry = try DeviceRegistry(repository: MemoryDevices(), policy: .open, now: { 5 })
        let filter = try Filter("tag=main")
        #expect(await registry.index.devices(filter, now: 5).isEmpty)
        try await registry.preregister([try id("a"), try id("b")], channel: .ci, tag: try UpdateTree.Tag("main"))
        #expect(await registry.index.devices(filter, now: 5).map(\.state.id.text) == ["a", "b"])
        registry.directory[try id("a")]?.change { $0.tag = nil }
        #expect(await registry.index.devices(filter, now: 5).map(\.state.id.text) == ["b"])
        try await registry.delete(try id("b"))
        #expect(await registry.index.devices(nil, now: 5).map(\.state.id.text) == ["a"])
    }

    static let orders = [
        "uuid", "-uuid", "name", "-name", "group", "tag", "channel", "-version", "version", "lastSeen", "-lastSeen", "online", "-denied",
        "label.site", "-label.site", "certificateEnds", "status",
    ]

    @Test("the pages of every order make the sorted list, whatever their size", arguments: orders)
    func pages(text: String) async throws {
        var fleet = RandomFleet(random: SeededGenerator(seed: 31))
        let index = DeviceIndex(DeviceDirectory(try made(150, &fleet)))
        let order = try DeviceOrder(text)
        let filter = try Filter("not denied or has tag")
        let all = await index.devices(filter, by: order, now: now).map(\.state.id.text)
        for limit in [1, 7, 50, 149, 1000] {
            var seen: [String] = []
            var place: DevicePlace?
            repeat {
                let page = await index.page(filter, by: order, after: place, limit: limit, now: now)
                seen += page.devices.map(\.state.id.text)
                place = try page.next.map { try #require(DevicePlace($0.text, in: order)) }
            } while place != nil
            #expect(seen == all, "\(limit)")
        }
    }

    @Test("equal values come in order of uuid, descending too, and those without one come first or, descending, last")
    func ties() async throws {
        let names: [(String, String?)] = [("c", "x"), ("a", "x"), ("b", nil), ("d", "y")]
        let index = DeviceIndex(
            DeviceDirectory(
                try names.map { name, label in
                    var labels = Labels()
                    try labels.set("k", to: label)
                    return DeviceEntry(DeviceState(id: try id(name), channel: .ci, createdAt: 1, labels: labels), lastSeen: 0)
                }))
        #expect(await index.devices(nil, by: try DeviceOrder("label.k"), now: now).map(\.state.id.text) == ["b", "a", "c", "d"])
        #expect(await index.devices(nil, by: try DeviceOrder("-label.k"), now: now).map(\.state.id.text) == ["d", "a", "c", "b"])
    }

    @Test("devices that do not change are neither repeated nor left out while others come, go and change between pages")
    func stability() async throws {
        var fleet = RandomFleet(random: SeededGenerator(seed: 41))
        let entries = try made(120, &fleet)
        for entry in entries { entry.change { $0.isDeleted = false } }
        let steady = Set(entries.prefix(60).map(\.id.text))
        let index = DeviceIndex(DeviceDirectory(entries))
        let order = try DeviceOrder("-lastSeen")
        var seen: [String] = []
        var place: DevicePlace?
        repeat {
            let page = await index.page(nil, by: order, after: place, limit: 7, now: now)
            seen += page.devices.map(\.state.id.text)
            place = page.next
            for entry in entries.suffix(60) {
                entry.see(at: fleet.lastSeen())
                entry.change { $0.isDeleted.toggle() }
            }
        } while place != nil
        #expect(seen.filter(steady.contains).sorted() == steady.sorted())
    }

    @Test("counts by an attribute add up, the largest first, and name those without it")
    func counts() async throws {
        var fleet = RandomFleet(random: SeededGenerator(seed: 51))
        let entries = try made(200, &fleet)
        let index = DeviceIndex(DeviceDirectory(entries))
        for name in ["group", "tag", "channel", "version", "online", "denied", "label.site", "status", "uuid"] {
            let counts = await index.counts(nil, by: try DeviceCounts.attribute(name), now: now)
            #expect(counts.groups.map(\.count).reduce(0, +) == 200 && counts.others == 0 && counts.total == 200, "\(name)")
            #expect(counts.groups.map(\.count) == counts.groups.map(\.count).sorted(by: >))
        }
        let groups = await index.counts(try Filter("not has group"), by: .group, now: now).groups
        #expect(groups.map(\.value) == [nil] && groups[0].count == entries.count { $0.state.group == nil })
        // One with two apps counts in both.
        let apps = await index.counts(try Filter("app=main"), by: .app, now: now)
        #expect(apps.groups.first { $0.value == "main" }?.count == apps.total)
        #expect(apps.groups.map(\.count).reduce(0, +) > apps.total)
    }

    @Test("of more than 1000 groups the largest are told, and how many devices the others have")
    func manyGroups() async throws {
        let entries = try (0..<1100).map { DeviceEntry(DeviceState(id: try id("d\($0)"), channel: .ci, createdAt: 1), lastSeen: 0) }
        let counts = await DeviceIndex(DeviceDirectory(entries)).counts(nil, by: .uuid, now: now)
        #expect(counts.groups.count == 1000 && counts.others == 100 && counts.total == 1100)
    }

    @Test(
        "an order or a count by what is no single attribute is refused with the remedy",
        arguments: ["", "-", "tga", "--uuid", "app", "labels", "label.", "uuid,name"])
    func unknown(text: String) {
        #expect { try DeviceOrder(text) } throws: { ($0 as? FleetError)?.code == .attributeUnknown && "\($0)".contains("sort: ") }
        if text != "app" { #expect(throws: FleetError.self) { try DeviceCounts.attribute(text) } }
        #expect { try DeviceCounts.attribute("lastSeen") } throws: { "\($0)".contains("lastSeen<1d") }
    }

    @Test(
        "a place of another order, or of nobody's making, is none",
        arguments: [
            "", "uuid", "uuid\n\n", "uuid\ntd1\n", "uuid\ntd1\n../x", "-uuid\ntd1\nd1", "name\ntd1\nd1", "uuid\nnx\nd1", "uuid\n-1\nd1",
            "uuid\nta\nb\nd1", "uuid\nxd1\nd1",
        ])
    func places(text: String) { #expect(DevicePlace(text, in: .uuid) == nil) }
}
