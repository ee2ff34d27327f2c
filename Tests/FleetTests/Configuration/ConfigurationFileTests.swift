import Testing

@testable import Fleet

@Suite("Configuration files")
struct ConfigurationFileTests {
    private func code(_ body: () throws -> Void) -> FleetError.Code? {
        do { try body() } catch { return (error as? FleetError)?.code }
        return nil
    }

    @Test(
        "a name that is more than one component, or that a path treats in its own way, is refused",
        arguments: ["", ".", "..", "a/b", "../a", "/a", ".hidden", "-x", "a b", "a\u{0}", "ä", "a\\b", String(repeating: "a", count: 129)])
    func names(name: String) {
        #expect(code { _ = try ConfigurationFileName(name) } == .configurationInvalid)
    }

    @Test("the names that devices' tools use are taken", arguments: ["z-50-fioctl.toml", "wireguard-client", "_x", "a@b.c+d", "0"])
    func goodNames(name: String) throws { #expect(try ConfigurationFileName(name).text == name) }

    @Test("a value, a command and a place have a size")
    func sizes() throws {
        let large = String(repeating: "x", count: ConfigurationFile.largest)
        #expect(code { _ = try ConfigurationFile(value: large + "x", isUnencrypted: true) } == .configurationInvalid)
        for command in [[""], Array(repeating: "a", count: 17), ["a\u{0}"], [String(repeating: "a", count: 1025)]] {
            #expect(code { _ = try ConfigurationFile(value: "", onChanged: command, isUnencrypted: true) } == .configurationInvalid)
        }
        let file = try ConfigurationFile(value: large, onChanged: ["/bin/true", ""], isUnencrypted: true)
        let names = try (0..<65).map { try ConfigurationFileName("f\($0)") }
        func place(_ count: Int, _ file: ConfigurationFile) throws {
            _ = try ConfigurationFiles(Dictionary(uniqueKeysWithValues: names.prefix(count).map { ($0, file) }))
        }
        try place(2, file)
        #expect(code { try place(3, file) } == .configurationInvalid)
        let small = try ConfigurationFile(value: "", isUnencrypted: true)
        try place(64, small)
        #expect(code { try place(65, small) } == .configurationInvalid)
    }

    @Test("what is merged by key must be TOML that the server can read")
    func mergeable() throws {
        let name = try ConfigurationFileName("z-50-fioctl.toml")
        #expect(
            code { _ = try ConfigurationFiles([name: try ConfigurationFile(value: "a = 1", isUnencrypted: false)]) }
                == .configurationInvalid)
        #expect {
            _ = try ConfigurationFiles([name: try ConfigurationFile(value: "a = 1\nsecret", isUnencrypted: true)])
        } throws: { error in
            let text = "\(error)"
            return text.contains("line 2") && !text.contains("secret")
        }
    }

    @Test("no text that is made of a file has its value")
    func silent() throws {
        let file = try ConfigurationFile(value: "hunter2", isUnencrypted: true)
        #expect(!"\(file)".contains("hunter2"))
    }

    @Test("the nearer place wins by name, and z-50-fioctl.toml by key")
    func effective() throws {
        func file(_ value: String, _ command: String...) throws -> ConfigurationFile {
            try ConfigurationFile(value: value, onChanged: command, isUnencrypted: true)
        }
        let (a, b, c) = (try ConfigurationFileName("a"), try ConfigurationFileName("b"), try ConfigurationFileName("c"))
        let toml = try ConfigurationFileName("z-50-fioctl.toml")
        let group = ConfigurationPlace.group(try GroupName("oslo"))
        let device = ConfigurationPlace.device(try id("d1"))
        let effective = EffectiveConfiguration([
            (.fleet, try ConfigurationFiles([a: file("1"), b: file("1"), c: file("1"), toml: file("[p]\nx = 1\ny = 1 # c\n", "old")])),
            (group, try ConfigurationFiles([b: file("2"), c: file("2")])),
            (device, try ConfigurationFiles([c: file("3"), toml: file("[p]\ny = \"2\"\n", "new")])),
        ])
        #expect(effective.names.map(\.text) == ["a", "b", "c", "z-50-fioctl.toml"])
        #expect([a, b, c].map { effective.files[$0]?.file.value } == ["1", "2", "3"])
        #expect([a, b, c].map { effective.files[$0]?.places } == [[.fleet], [group], [device]])
        let merged = try #require(effective.files[toml])
        #expect(merged.file.value == "[p]\nx = 1\ny = \"2\"\n")
        #expect(merged.file.onChanged == ["new"])
        #expect(merged.places == [.fleet, device])
    }
}
