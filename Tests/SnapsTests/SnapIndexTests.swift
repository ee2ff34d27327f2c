import Foundation
import Testing

@testable import Snaps

@Suite("The index of snaps")
struct SnapIndexTests {
    static let digest = String(repeating: "A", count: 64)
    static let entry =
        #"{"name":"hello","revision":"1","arch":"amd64","base":"core22","type":"app","classic":false,"sha3-384":"\#(digest)","size":5}"#

    private func refusal(_ text: String) -> SnapsError? {
        do {
            _ = try SnapIndex(parsing: Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "what is malformed is refused, and the message says what",
        arguments: [
            ("", ""), ("[]", "the index is no object"), ("{}", "no list snaps"), (#"{"snaps":{}}"#, "no list snaps"),
            (#"{"snaps":[1]}"#, "snaps[0] is no object"), (#"{"snaps":[],"shelf":1}"#, #""shelf""#),
            (#"{"snaps":[],"present":["Not A Name"]}"#, "Not A Name"), (#"{"snaps":[],"present":"snapd"}"#, "present"),
            (#"{"snaps":[],"snaps":[]}"#, ""),
            (#"{"snaps":[\#(entry.replacingOccurrences(of: "\"size\":5", with: "\"size\":0"))]}"#, "0 bytes"),
            (#"{"snaps":[\#(entry.replacingOccurrences(of: "\"size\":5", with: "\"size\":\"5\""))]}"#, "size"),
            (#"{"snaps":[\#(entry.replacingOccurrences(of: "\"size\":5", with: "\"weight\":5"))]}"#, "weight"),
            (#"{"snaps":[\#(entry.replacingOccurrences(of: ",\"size\":5", with: ""))]}"#, "no size"),
            (#"{"snaps":[\#(entry.replacingOccurrences(of: "\"1\"", with: "\"x1\""))]}"#, "revision"),
            (#"{"snaps":[\#(entry.replacingOccurrences(of: "\"1\"", with: "0"))]}"#, "revision"),
            (#"{"snaps":[\#(entry.replacingOccurrences(of: "hello", with: "hello_two"))]}"#, "instance"),
            (#"{"snaps":[\#(entry.replacingOccurrences(of: "hello", with: "../hello"))]}"#, "names no snap"),
            (#"{"snaps":[\#(entry.replacingOccurrences(of: "amd64", with: "AMD 64"))]}"#, "architecture"),
            (#"{"snaps":[\#(entry.replacingOccurrences(of: "\"app\"", with: "\"apple\""))]}"#, "type"),
            (#"{"snaps":[\#(entry.replacingOccurrences(of: "false", with: "\"no\""))]}"#, "classic"),
            (#"{"snaps":[\#(entry.replacingOccurrences(of: "AAAA", with: "!!!!"))]}"#, "SHA3-384"),
            (#"{"snaps":[\#(entry),\#(entry)]}"#, "hello_1 stands there twice"),
            (#"{"snaps":[\#(entry),\#(entry.replacingOccurrences(of: "\"1\"", with: "\"2\""))]}"#, "the digest of hello_2"),
        ])
    func malformed(text: String, said: String) throws {
        let error = try #require(refusal(text))
        #expect(said.isEmpty || error.message.contains(said), "\(error)")
    }

    @Test("it is bounded in bytes and in entries")
    func bounds() throws {
        #expect(refusal(String(repeating: " ", count: SnapIndex.largest + 1))?.code == .indexInvalid)
        let names = (0...SnapIndex.mostPresent).map { "\"s\($0)\"" }.joined(separator: ",")
        #expect(refusal(#"{"snaps":[],"present":[\#(names)]}"#)?.code == .indexInvalid)
        let many = Array(repeating: "0", count: SnapIndex.mostSnaps + 1).joined(separator: ",")
        #expect(refusal(#"{"snaps":[\#(many)]}"#)?.message.contains("more than") == true)
    }

    @Test("what is written is read again, and a number is as good a revision as a text")
    func roundTrip() throws {
        let text = #"{"present":["snapd","core22"],"snaps":[\#(Self.entry.replacingOccurrences(of: "\"1\"", with: "1"))]}"#
        let index = try SnapIndex(parsing: Array(text.utf8))
        #expect(index.snaps.map(\.fileName) == ["hello_1"])
        #expect(index.present.map(\.text) == ["core22", "snapd"])
        #expect(try SnapIndex(parsing: index.json) == index)
    }

    @Test("the sample's index can be read, in order of name and revision")
    func sample() throws {
        let index = try SnapIndex(parsing: Sample.bytes("index.json"))
        #expect(
            index.snaps.map(\.fileName) == ["classic-tool_1", "hello-offline_1", "hello-offline_2", "snapd_1", "testbase_1"])
        #expect(index.snaps.filter(\.isClassic).map(\.name.text) == ["classic-tool"])
    }
}

enum Sample {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("data-sample/snaps").path

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
    }

    static func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }
}
