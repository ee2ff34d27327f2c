import Testing

@testable import UpdateTree

@Suite("What a snap says of itself")
struct SnapDescriptionTests {
    private func parse(_ yaml: String) throws -> SnapDescription { try SnapDescription(parsing: Array(yaml.utf8)) }

    @Test(
        "what is no flat list of words is refused",
        arguments: [
            "", "[]", "{name: a, base: b}", "name: [a]", "name: a\nname: b", "name: A B", "name: a\ntype: tree", "name: a\nbase: {b: c}",
            "name: a\narchitectures: {b: c}", "name: a\narchitectures: [[b]]", "name: &a a\nbase: *a", "name: \"a", "version: 1",
            "name: \u{1}", "name: a\nversion: " + String(repeating: "1", count: 5_000),
            "name: a\narchitectures: " + String(repeating: "[", count: 2_000),
            "name: a\narchitectures:\n" + String(repeating: "- ", count: 2_000),
        ])
    func refused(yaml: String) {
        #expect(throws: UpdateTreeError.self) { try parse(yaml) }
    }

    @Test("the rest of the file may be as deep and as entangled as it likes")
    func rest() throws {
        let bomb = (0..<40).map { "b\($0): &b\($0) [*b\(max(0, $0 - 1)),*b\(max(0, $0 - 1))]\n" }.joined()
        let deep = "apps: " + String(repeating: "[", count: 100_000) + "\n"
        #expect(try parse(bomb + "name: hello\n" + deep).name.text == "hello")
    }

    @Test("defaults are those of snapd: an app for all architectures, strict, without a base")
    func defaults() throws {
        let snap = try parse("name: hello")
        #expect(snap.kind == .app)
        #expect(snap.architecture == "all")
        #expect(!snap.isClassic)
        #expect(snap.base == nil)
    }

    @Test("all that decides is read, quoted or not, with comments")
    func all() throws {
        let snap = try parse(
            """
            # made by hand
            name: "hello"   # a name
            version: '1.0'
            description: |
              name: not this one
            type: base
            base: core22
            confinement: classic
            architectures:
            - arm64
            apps:
              hello: {command: bin/hello}
            """)
        #expect(snap.name.text == "hello")
        #expect(snap.version == "1.0")
        #expect(snap.kind == .base)
        #expect(snap.base?.text == "core22")
        #expect(snap.isClassic)
        #expect(snap.architecture == "arm64")
    }

    @Test("of several architectures none is taken", arguments: ["[amd64, arm64]", "\n- amd64\n- arm64"])
    func several(list: String) throws {
        #expect(try parse("name: hello\narchitectures: \(list)").architecture == nil)
    }
}
