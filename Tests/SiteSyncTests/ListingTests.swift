import Foundation
import Testing
import UpdateTree

@testable import SiteSync

@Suite struct ListingTests {
    private func entry(_ channel: String = "ci", _ tag: String = "main", _ name: String = "42", _ inventory: String? = nil) -> String {
        let digest = inventory ?? "sha256:\(String(repeating: "a", count: 64))"
        return #"{"channel":"\#(channel)","tag":"\#(tag)","name":"\#(name)","inventory":"\#(digest)","bytes":1,"files":1}"#
    }

    @Test("a list that names what no update is called, or an update twice, is refused as a whole")
    func hostile() async throws {
        let world = try SiteWorld([])
        let lists = [
            "", "{}", "[]", #"{"updates":[{}]}"#, #"{"updates":[\#(entry("ci", "..", "42"))]}"#,
            #"{"updates":[\#(entry("ci", "main", "../../x"))]}"#, #"{"updates":[\#(entry("dev"))]}"#,
            #"{"updates":[\#(entry("ci", "main", "42", "sha256:x"))]}"#, #"{"updates":[\#(entry()),\#(entry())]}"#,
        ]
        for list in lists {
            let error = await #expect(throws: SiteSyncError.self, "\(list)") {
                try await world.with(spoil: { $0.path == "/site/v1/updates" ? StubUpdate.whole(Array(list.utf8)) : nil }) { client, _ in
                    try await world.sync(client)
                }
            }
            #expect(error?.code == .answerInvalid, "\(list)")
        }
    }

    @Test("an inventory that is not the listed one is left for the next sync")
    func changedInventory() async throws {
        let world = try SiteWorld()
        let report = try await world.with(spoil: { request in
            request.path.hasSuffix("/inventory") ? StubUpdate.whole(Array("1 - ostree_repo/config\n".utf8)) : nil
        }) { client, _ in try await world.sync(client) }
        #expect(report.updates.first?.reason?.hasPrefix("upstream-changed") == true)
        #expect(try world.library.catalogue.keys() == [])
    }

    @Test("an inventory that names a path outside is refused, though its digest is right")
    func hostileInventory() async throws {
        let world = try SiteWorld()
        let text = "1 \(Digest(of: [0])) ../../etc/passwd\n"
        let list = #"{"updates":[\#(entry("ci", "main", "42", Digest(of: text.utf8).description))]}"#
        let report = try await world.with(spoil: { request in
            if request.path == "/site/v1/updates" { return StubUpdate.whole(Array(list.utf8)) }
            return request.path.hasSuffix("/inventory") ? StubUpdate.whole(Array(text.utf8)) : nil
        }) { client, _ in try await world.sync(client) }
        #expect(report.updates.first?.reason?.hasPrefix("upstream-answer-invalid") == true)
    }
}
