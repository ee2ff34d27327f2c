import Foundation
import Testing
import UpdateTree

// Testing has a type of this name, too.
import struct UpdateTree.Tag

/// The error code of what a closure throws, nil when it throws none.
func code(_ body: () throws -> Any) -> UpdateTreeError.Code? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? UpdateTreeError)?.code
    }
}

@Suite struct NameTests {
    static let hostile: [String] = [
        "", ".", "..", "...", ".hidden", "-x", "_x", "+x", "/", "a/b", "/a", "a/", "../a", "a/..", "a\\b", "a b", " a", "a ",
        "a\0", "a\n", "a\r\n", "a\tb", "ä", "e\u{301}", "a\u{301}", "\u{212A}elvin", "１", "a\u{200B}", "\u{202E}a", "a%2e",
        "a*", "a?", "a:b", "a;b", "a,b", "a\"", "a'", "a`", "a$", "a&", "a|b", "a<b", "~", "a~", "a@b", "a=b",
        String(repeating: "a", count: 81), String(repeating: "a", count: 100_000),
    ]

    @Test("a hostile text is no tag, no update name and no app name", arguments: hostile)
    func refused(text: String) {
        #expect(code({ try Tag(text) }) == .tagInvalid)
        #expect(code({ try UpdateName(text) }) == .updateNameInvalid)
        #expect(code({ try AppName(text) }) == .appNameInvalid)
    }

    @Test("a hostile text is refused when decoded from JSON, too", arguments: ["..", "a/b", ""])
    func decoding(text: String) throws {
        let json = try JSONEncoder().encode([text])
        #expect(throws: (any Error).self) { try JSONDecoder().decode([Tag].self, from: json) }
        #expect(throws: (any Error).self) { try JSONDecoder().decode([UpdateName].self, from: json) }
        #expect(throws: (any Error).self) { try JSONDecoder().decode([AppName].self, from: json) }
    }

    @Test(
        "letters, digits and _ . + - make a name",
        arguments: ["a", "0", "main", "42", "v1.2.3+b-4_5", "A..b", String(repeating: "z", count: 80)])
    func accepted(text: String) throws {
        #expect(try Tag(text).text == text)
        #expect(try UpdateName(text).text == text)
        #expect(try AppName(text).text == text)
        #expect(try JSONDecoder().decode([Tag].self, from: JSONEncoder().encode([Tag(text)])) == [Tag(text)])
    }

    @Test("only ci and prod are channels", arguments: ["", "CI", "Prod", "production", "ci ", "..", "ci/main"])
    func channels(text: String) {
        #expect(code({ try Channel(text) }) == .channelInvalid)
    }

    @Test("production is the prod channel and nothing else is")
    func production() {
        #expect(Channel(isProduction: true) == .prod && Channel(isProduction: false) == .ci)
        #expect(Channel.prod.isProduction && !Channel.ci.isProduction)
    }

    static let hex = String(repeating: "0123456789abcdef", count: 4)

    static let badDigests: [String] = [
        "", hex, "sha256:", "sha256:\(hex.dropLast())", "sha256:\(hex)0", "SHA256:\(hex)", "sha512:\(hex)",
        "sha256:\(hex.uppercased())", "sha256:\(hex.dropLast())g", "sha256: \(hex.dropLast())", "sha256:../\(hex.dropLast(3))",
        "sha256:\(hex.dropLast())０", "sha256:\(hex)\u{301}", "sha256:\(hex.dropLast())\0",
    ]

    @Test("a digest is sha256: and 64 lower-case hexadecimal digits", arguments: badDigests)
    func digests(text: String) throws {
        #expect(code({ try Digest(text) }) == .digestInvalid)
        #expect(try Digest("sha256:" + Self.hex).hex == Self.hex)
        #expect(try Digest(hex: Self.hex).description == "sha256:" + Self.hex)
    }

    @Test(
        "a path that is no part of a repository's public face is refused",
        arguments: [
            "", "/", "..", "../config", "config/", "/config", "Config", "objects", "objects/", "objects//a", "objects/../config",
            "objects/./a", "objects/.a", "objects/a/..", "state/x", "tmp/x", ".lock", "uncompressed-objects-cache/x", "refs",
            "objects/a b", "objects/a%2fb", "objects/a\0", "objects/ä", "objects/a\\b", "objects/a?x", "summary.sig/x", "summary.idx",
            "objects/" + String(repeating: "a", count: 512),
        ])
    func objectPathsRefused(text: String) {
        #expect(code({ try ObjectPath(text) }) == .pathInvalid)
    }

    @Test(
        "the paths that clients ask for are accepted",
        arguments: [
            "config", "summary", "summary.sig", "objects/ab/cdef.filez", "objects/ab/cdef.commitmeta",
            "deltas/4F/ylHQ+JQhh6Tr2-abc_/superblock", "delta-indexes/4F/ylHQ+JQ.index", "refs/heads/intel-corei7-64-lmp",
            "extensions/a@b=c",
        ])
    func objectPathsAccepted(text: String) throws { #expect(try ObjectPath(text).text == text) }

    @Test(
        "a name that is none of the metadata files a device may ask for is none",
        arguments: [
            "", "root.json", "0.root.json", "01.root.json", "+1.root.json", "-1.root.json", "1.root.json ", " 1.root.json", "1_0.root.json",
            "1.root.JSON", ".root.json", "99999999999999999999.root.json", "1.targets.json", "bundle-targets.json", "mirrors.json",
            "../targets.json", "targets.json\0", "Targets.json", "１.root.json", "0x1.root.json",
        ])
    func metadataRefused(name: String) { #expect(MetadataFile(fileName: name) == nil) }

    @Test("metadata files keep their names", arguments: ["timestamp.json", "snapshot.json", "targets.json", "1.root.json", "10.root.json"])
    func metadataAccepted(name: String) { #expect(MetadataFile(fileName: name)?.fileName == name) }

    @Test("content lies where the update's layout says")
    func content() throws {
        #expect(Content.metadata(.root(version: 3)).path == "tuf/3.root.json")
        #expect(Content.object(try ObjectPath("config")).path == "ostree_repo/config")
        #expect(Content.blob(try Digest(hex: Self.hex)).path == "apps/blobs/sha256/\(Self.hex)")
    }
}

@Suite struct ResolutionTests {
    @Test("a device that was assigned nothing gets nothing, whatever its tag")
    func notAssigned() throws {
        #expect(Resolution(channel: .prod, tag: try Tag("main"), assigned: nil) == .notAssigned)
        #expect(Resolution(channel: .ci, tag: nil, assigned: nil) == .notAssigned)
    }

    @Test("a device without a tag gets nothing")
    func noTag() throws { #expect(Resolution(channel: .ci, tag: nil, assigned: try UpdateName("42")) == .noTag) }

    @Test("channel, tag and name alone decide", arguments: Channel.allCases)
    func decided(channel: Channel) throws {
        let tag = try Tag("main")
        let name = try UpdateName("42")
        #expect(Resolution(channel: channel, tag: tag, assigned: name) == .update(UpdateKey(channel: channel, tag: tag, name: name)))
        #expect(UpdateKey(channel: channel, tag: tag, name: name).path == "\(channel.rawValue)/main/42")
    }
}
