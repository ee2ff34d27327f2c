import Snaps
import SoftwareAgent
import Testing

@Suite("The snaps of a device, and their hashes")
struct SnapInventoryTests {
    private func inventory(_ text: String) throws -> SnapInventory { try SnapInventory(snapd: Array(text.utf8)) }

    @Test(
        "a list that snapd does not write is refused",
        arguments: ["", "{}", "[1]", #"[{"version":"1"}]"#, #"[{"name":"Not A Snap"}]"#, #"[{"name":"a"}"#])
    func refuses(_ text: String) {
        #expect(throws: SoftwareAgentError.self) { try inventory(text) }
    }

    @Test("the hash of the names is the SHA-256 of their sorted array")
    func names() throws {
        let some = try inventory(#"[{"name":"testbase"},{"name":"core"},{"name":"hello-offline"}]"#)
        #expect(some.hashes.names == "985745f37ba930eb135ca823bd2bb9ebfb1c305cbb2a1b10877ca3ed8e109515")
        let none = try inventory("[]")
        #expect(none.hashes.names == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945")
        #expect(none.hashes.list == none.hashes.names)
    }

    @Test("neither snapd's order nor the order of members changes a hash; a status changes the list's alone")
    func order() throws {
        let one = try inventory(#"[{"name":"a","status":"active","new":{"x":1.5}},{"name":"b","status":"active"}]"#)
        let other = try inventory(#"[ {"status":"active","name":"b"}, {"new":{"x":1.5},"name":"a","status":"active"} ]"#)
        let disabled = try inventory(#"[{"name":"a","status":"installed","new":{"x":1.5}},{"name":"b","status":"active"}]"#)
        #expect(one.hashes == other.hashes)
        #expect(one.hashes.list != disabled.hashes.list)
        #expect(one.hashes.names == disabled.hashes.names)
    }

    @Test("a snap is published in the list's words; what is not known is left out")
    func listed() throws {
        let text = #"""
            [{"name":"a","installed-size":5,"install-date":"2026-01-01T00:00:00Z","status":"active","tracking-channel":"latest/edge",
            "channel":"stable","confinement":"strict","version":"2","revision":"x3","devmode":false,"later":[1],
            "apps":[{"name":"cli"},{"name":"d","daemon":"simple","active":true}]}]
            """#
        let snap = try #require(try inventory(text).list.snaps.first)
        #expect(snap.channel == "latest/edge")
        #expect(snap.installedSize == 5)
        #expect(snap.revision?.text == "x3")
        #expect(snap.services == [ListedSnap.Service(name: "d", active: true, enabled: false, daemon: "simple")])
    }
}
