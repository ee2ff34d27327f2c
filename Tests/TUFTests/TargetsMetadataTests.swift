import Foundation
import TUF
import Testing

/// The sample that lies in the repository, found from this file.
enum Sample {
    static func targets(_ update: String) throws -> [UInt8] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try Array(Data(contentsOf: root.appendingPathComponent("data-sample/updates/\(update)/tuf/targets.json")))
    }
}

@Suite struct TargetsMetadataTests {
    private static let commit = String(repeating: "0a", count: 32)

    private func parse(_ text: String) throws -> TargetsMetadata { try TargetsMetadata(parsing: Array(text.utf8)) }

    private func document(
        type: String = #""Targets""#, version: String = "1", expires: String = #""2036-01-01T00:00:00Z""#,
        signatures: String = #"[{"keyid":"a","method":"ed25519","sig":"b"}]"#, targets: String = "{}"
    ) -> String {
        #"{"signatures":\#(signatures),"signed":{"_type":\#(type),"version":\#(version),"expires":\#(expires),"targets":\#(targets)}}"#
    }

    private func target(_ name: String = "t", sha256: String = commit, custom: String = "{}") -> String {
        #"{"\#(name)":{"hashes":{"sha256":"\#(sha256)"},"length":0,"custom":\#(custom)}}"#
    }

    private func code(_ text: String) -> TUFError.Code? {
        do {
            _ = try parse(text).images()
            return nil
        } catch {
            return (error as? TUFError)?.code
        }
    }

    @Test("a version below 1 or of another type is refused", arguments: ["0", "-1", #""1""#, "null", "true"])
    func version(text: String) { #expect(code(document(version: text)) == .versionInvalid) }

    @Test(
        "an expiry in any other form is refused",
        arguments: [
            "2036-01-01T00:00:00", "2036-01-01 00:00:00Z", "2036-01-01T00:00:00z", "2036-01-01T00:00:00.0Z", "36-01-01T00:00:00Z",
            "2036-01-01T00:00:0\u{0660}Z", "aaaaaaaaaaaaaaaaaaaZ", "",
        ])
    func expires(text: String) { #expect(code(document(expires: #""\#(text)""#)) == .timeInvalid) }

    @Test("metadata of another role are refused", arguments: ["root", "Root", "Snapshot", "timestamp", "TARGETS", ""])
    func role(type: String) { #expect(code(document(type: #""\#(type)""#)) == .wrongRole) }

    @Test("metadata without signatures, without role or without targets are refused")
    func missing() {
        #expect(code(document(signatures: "{}")) == .memberMissing)
        #expect(code(document(type: "1")) == .memberMissing)
        #expect(code(document(targets: "[]")) == .memberMissing)
        #expect(code("{}") == .memberMissing)
        #expect(code("[]") == .memberMissing)
        #expect(code("1") == .memberMissing)
        #expect(code(document(signatures: "[1]")) == .memberMissing)
    }

    @Test(
        "a hash that is no OSTree commit id is refused",
        arguments: [
            "", "ab", String(repeating: "g", count: 64), "../" + String(repeating: "a", count: 61),
        ])
    func hash(text: String) { #expect(code(document(targets: target(sha256: text))) == .targetInvalid) }

    @Test("a target's name holds no NUL, no control character and no ..", arguments: [#"a\u0000b"#, #"a\nb"#, "..", "a/../b", "", "a/.."])
    func name(text: String) { #expect(code(document(targets: target(text))) == .targetNameInvalid) }

    @Test("an app without uri is refused, and so are two apps that only look equal")
    func apps() {
        #expect(code(document(targets: target(custom: #"{"docker_compose_apps":{"a":{}}}"#))) == .targetInvalid)
        let twins = "{\"docker_compose_apps\":{\"\u{E9}\":{\"uri\":\"a\"},\"e\u{301}\":{\"uri\":\"b\"}}}"
        #expect(code(document(targets: target(custom: twins))) == .nameAmbiguous)
    }

    @Test("the spelling of the role tells the profile, and the standard one needs spec_version")
    func profiles() throws {
        #expect(try parse(document(type: #""Targets""#)).profile == .fio)
        #expect(code(document(type: #""targets""#, signatures: "[]")) == .memberMissing)
        #expect(try parse(document(type: #""targets","spec_version":"1.0.31""#, signatures: "[]")).profile == .standard)
    }

    @Test("a target is found by the bytes of its name, in sorted files and in others", arguments: [["a", "b", "c"], ["c", "a", "b"]])
    func lookup(names: [String]) throws {
        let members = names.map { #""\#($0)":{"hashes":{"sha256":"\#(Self.commit)"},"length":\#($0.utf8.first ?? 0)}"# }
        let metadata = try parse(document(targets: "{\(members.joined(separator: ","))}"))
        for name in names { #expect(try metadata.target(named: name)?.length == Int64(name.utf8.first ?? 0)) }
        for name in ["", "ab", "A", "d"] { #expect(try metadata.target(named: name) == nil) }
        #expect(metadata.count == 3)
    }

    @Test("a target whose name is escaped in the file is found by what it means")
    func escapedNames() throws {
        let metadata = try parse(document(targets: target(#"b\u0061"#)))
        #expect(try metadata.target(named: "ba")?.name == "ba")
        #expect(try metadata.target(named: #"b\u0061"#) == nil)
    }

    @Test(
        "the sample's targets are read",
        arguments: [("ci/main/42", "42", "main"), ("ci/main/43", "43", "main"), ("prod/prod/40", "40", "prod")])
    func sample(update: String, version: String, tag: String) throws {
        let metadata = try TargetsMetadata(parsing: try Sample.targets(update))
        #expect(metadata.version == Int64(version))
        #expect(metadata.expires.description == "2036-01-01T00:00:00Z")
        #expect(metadata.count == 1)
        let target = try #require(metadata.images().first)
        #expect(target.name == "intel-corei7-64-lmp-\(version)")
        #expect(target.hardwareIDs == ["intel-corei7-64"])
        #expect(target.tags == [tag])
        #expect(target.version == version)
        #expect(target.apps.keys.sorted() == ["shellhttpd"])
    }
}
