import DeviceAuth
import Fleet
import Testing
import UpdateTree

@Suite struct CheckInTests {
    private func known() throws -> DeviceState {
        DeviceState(
            id: try id("device"), channel: .ci, createdAt: 1, tag: try UpdateTree.Tag("main"), targetName: "target", ostreeHash: "hash",
            apps: ["a"])
    }

    static let hostileTags = [
        ",", "main,", ",main", "main,,devel", "main, devel", " main", "main ", "..", "main,..", ".", "a/b", "main,a/b", "../../etc", "-x",
        "a\0", "ä",
        "main\r\nx: y", "main,\u{212A}", "%2e%2e", String(repeating: "a", count: 81),
    ]

    @Test("one hostile tag in the list refuses the whole check-in", arguments: hostileTags)
    func tags(value: String) {
        #expect { try CheckInHeaders(tags: value, target: "t").parse() } throws: { ($0 as? FleetError)?.code == .headerInvalid }
    }

    @Test(
        "a text with spaces, control characters or other scripts, or one too long, is refused",
        arguments: ["a b", " ", "a\n", "a\0", "ä", "\u{7F}", String(repeating: "a", count: 81)])
    func texts(value: String) {
        #expect { try CheckInHeaders(target: value).parse() } throws: { ($0 as? FleetError)?.code == .headerInvalid }
        #expect { try CheckInHeaders(ostreeHash: value).parse() } throws: { ($0 as? FleetError)?.code == .headerInvalid }
    }

    @Test(
        "a list of apps that is too long or holds a space is refused", arguments: ["a, b", "ä", "a\0", String(repeating: "a", count: 2049)])
    func apps(value: String) {
        #expect { try CheckInHeaders(apps: value).parse() } throws: { ($0 as? FleetError)?.code == .headerInvalid }
    }

    @Test("a missing header keeps what was known")
    func missing() throws {
        var state = try known()
        try CheckInHeaders().parse().apply(to: &state)
        #expect(try state == known())
        #expect(CheckInHeaders().isEmpty && !CheckInHeaders(apps: "").isEmpty)
    }

    @Test("an empty header clears what was known")
    func empty() throws {
        var state = try known()
        try CheckInHeaders(tags: "", target: "", ostreeHash: "", apps: "").parse().apply(to: &state)
        #expect(state.tag == nil && state.targetName == nil && state.ostreeHash == nil && state.apps == [])
    }

    @Test("each header changes its own part and no other")
    func single() throws {
        var state = try known()
        try CheckInHeaders(target: "").parse().apply(to: &state)
        var expected = try known()
        expected.targetName = nil
        #expect(state == expected)
        try CheckInHeaders(apps: "b,c").parse().apply(to: &state)
        expected.apps = ["b", "c"]
        #expect(state == expected)
    }

    @Test("the first tag of a list is the device's tag", arguments: ["main", "main,devel", "main,main", "main,z,a"])
    func firstTag(value: String) throws {
        #expect(try CheckInHeaders(tags: value).parse().tag == .some(try UpdateTree.Tag("main")))
    }

    @Test("commas without an app name no app")
    func appCommas() throws {
        #expect(try CheckInHeaders(apps: ",a,,b,").parse().apps == ["a", "b"])
        #expect(try CheckInHeaders(apps: ",").parse().apps == [])
    }
}
