import Foundation
import Testing

@testable import Snaps

@Suite("The assertions beside a snap")
struct SnapRevisionAssertionTests {
    private func parse(_ text: String) -> Result<SnapRevisionAssertion, SnapsError> {
        Result { () throws(SnapsError) in try SnapRevisionAssertion(parsing: Array(text.utf8)) }
    }

    private func refusal(_ text: String) -> SnapsError? {
        if case .failure(let error) = parse(text) { error } else { nil }
    }

    private static let parts =
        (try? Sample.text("hello-offline_1.assert"))?.components(separatedBy: "\n\ntype: ").enumerated().map {
            ($0.offset == 0 ? "" : "type: ") + $0.element
        } ?? []

    @Test("no snap-revision, or two, are refused")
    func count() throws {
        let parts = Self.parts
        try #require(parts.count == 4)
        #expect(refusal(parts[..<3].joined(separator: "\n\n"))?.message.contains("0 snap-revision") == true)
        #expect(refusal((parts + [parts[3]]).joined(separator: "\n\n"))?.message.contains("2 snap-revision") == true)
    }

    @Test("what the snap-revision rests upon must stand before it", arguments: 0..<3)
    func order(place: Int) throws {
        var parts = Self.parts
        let late = parts.remove(at: place)
        let error = try #require(refusal((parts + [late]).joined(separator: "\n\n")))
        #expect(error.message.contains("stands behind the snap-revision"))
    }

    @Test("what is missing is named", arguments: [(0, "account-key"), (1, "account"), (2, "snap-declaration")])
    func missing(place: Int, kind: String) throws {
        var parts = Self.parts
        parts.remove(at: place)
        #expect(try parse(parts.joined(separator: "\n\n")).get().missing == [kind])
    }

    @Test(
        "a header that is absent or no sense is refused",
        arguments: [
            ("snap-size: 4096", "snap-size: -1"), ("snap-size: 4096", "snap-size: 04096"), ("snap-size: 4096", "other: 1"),
            ("snap-revision: 1", "snap-revision: x1"), ("snap-revision: 1", "snap-revision: 0"), ("snap-sha3-384: ", "snap-sha3-384: ="),
            ("snap-name: hello-offline", "snap-name: Hello"),
        ])
    func headers(old: String, new: String) throws {
        let text = try Sample.text("hello-offline_1.assert")
        #expect(text.contains(old))
        #expect(refusal(text.replacingOccurrences(of: old, with: new)) != nil)
    }

    @Test("bytes that were changed anywhere are read or refused, and never end the process")
    func mutations() throws {
        let bytes = try Sample.bytes("snapd_1.assert")
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: changed.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            if Bool.random(using: &random) { changed.removeLast(Int.random(in: 0..<changed.count, using: &random)) }
            _ = try? SnapRevisionAssertion(parsing: changed)
        }
    }

    @Test("the samples agree with their index, and one of another snap does not")
    func samples() throws {
        let index = try SnapIndex(parsing: Sample.bytes("index.json"))
        for snap in index.snaps {
            let assertion = try SnapRevisionAssertion(parsing: Sample.bytes("\(snap.fileName).assert"))
            #expect(assertion.missing.isEmpty)
            #expect(assertion.name == snap.name)
            try assertion.check(snap)
            for other in index.snaps where other != snap {
                #expect(throws: SnapsError.self) { try assertion.check(other) }
            }
        }
    }
}
