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
        signatures: String = #"[{"keyid":"a","sig":"b"}]"#, targets: String = "{}"
    ) -> String {
        #"{"signatures":\#(signatures),"signed":{"_type":\#(type),"version":\#(version),"expires":\#(expires),"targets":\#(targets)}}"#
    }

    private func target(_ name: String = "t", sha256: String = commit, custom: String = "{}") -> String {
        #"{"\#(name)":{"hashes":{"sha256":"\#(sha256)"},"length":0,"custom":\#(custom)}}"#
    }

    private func code(_ text: String) -> TUFError.Code? {
        do {
            _ = try parse(text)
            return nil
        } catch {
            return (error as? TUFError)?.code
        }
    }

    @Test("a version below 1 or of another type is refused", arguments: ["0", "-1", #""1""#, "null", "true"])
    func version(text: String) { #expect(code(document(version: text)) == .memberInvalid) }

    @Test(
        "an expiry in any other form is refused",
        arguments: [
            "2036-01-01T00:00:00", "2036-01-01 00:00:00Z", "2036-01-01T00:00:00z", "2036-01-01T00:00:00.0Z", "36-01-01T00:00:00Z",
            "2036-01-01T00:00:0\u{0660}Z", "aaaaaaaaaaaaaaaaaaaZ", "",
        ])
    func expires(text: String) { #expect(code(document(expires: #""\#(text)""#)) == .memberInvalid) }

    @Test("metadata of another role are refused", arguments: ["root", "Root", "Snapshot", "timestamp", "TARGETS", ""])
    func role(type: String) { #expect(code(document(type: #""\#(type)""#)) == .wrongRole) }

    @Test("metadata without signatures, without role or without targets are refused")
    func missing() {
        #expect(code(document(signatures: "[]")) == .memberMissing)
        #expect(code(document(signatures: "{}")) == .memberMissing)
        #expect(code(document(type: "1")) == .memberMissing)
        #expect(code(document(targets: "[]")) == .memberMissing)
        #expect(code("{}") == .memberMissing)
        #expect(code("[]") == .memberMissing)
        #expect(code("1") == .memberMissing)
        #expect(code(#"{"signatures":[1]}"#) == .memberMissing)
    }

    @Test(
        "a hash that is no OSTree commit id is refused",
        arguments: [
            "", "ab", String(repeating: "0A", count: 32), String(repeating: "g", count: 64), "../" + String(repeating: "a", count: 61),
        ])
    func hash(text: String) { #expect(code(document(targets: target(sha256: text))) == .memberInvalid) }

    @Test("a target's name holds no NUL, no control character and no ..", arguments: [#"a\u0000b"#, #"a\nb"#, "..", "a/../b", "", "a/.."])
    func name(text: String) { #expect(code(document(targets: target(text))) == .memberInvalid) }

    @Test(
        "lists of hardware ids and tags hold texts alone",
        arguments: [#"{"hardwareIds":["a",1]}"#, #"{"tags":"main"}"#, #"{"tags":[null]}"#])
    func lists(custom: String) { #expect(code(document(targets: target(custom: custom))) == .memberInvalid) }

    @Test("an app without uri is refused, and two apps that are only Unicode-equivalent do not hide each other")
    func apps() {
        #expect(code(document(targets: target(custom: #"{"docker_compose_apps":{"a":{}}}"#))) == .memberInvalid)
        let twins = "{\"docker_compose_apps\":{\"\u{E9}\":{\"uri\":\"a\"},\"e\u{301}\":{\"uri\":\"b\"}}}"
        #expect(code(document(targets: target(custom: twins))) == .duplicateMember)
    }

    @Test("both spellings of the role are read")
    func profiles() throws {
        #expect(try parse(document(type: #""Targets""#)).targets == [])
        #expect(try parse(document(type: #""targets""#)).version == 1)
    }

    @Test(
        "the sample's targets are read",
        arguments: [("ci/main/42", "42", "main"), ("ci/main/43", "43", "main"), ("prod/prod/40", "40", "prod")])
    func sample(update: String, version: String, tag: String) throws {
        let metadata = try TargetsMetadata(parsing: try Sample.targets(update))
        #expect(metadata.version == Int64(version))
        #expect(metadata.expires == "2036-01-01T00:00:00Z")
        #expect(metadata.targets.count == 1)
        let target = try #require(metadata.targets.first)
        #expect(target.name == "intel-corei7-64-lmp-\(version)")
        #expect(target.hardwareIDs == ["intel-corei7-64"])
        #expect(target.tags == [tag])
        #expect(target.version == version)
        #expect(target.apps.keys.sorted() == ["shellhttpd"])
    }
}
