import Snaps
import SoftwareAgent
import Testing

@Suite("What snapd answers")
struct SnapdReplyTests {
    private func reply(_ status: Int, _ text: String, type: String = "application/json") throws -> SnapdReply {
        try SnapdReply(status: status, contentType: type, body: Array(text.utf8))
    }

    @Test("an answer that is cut off, or begins a change without an id, is an error", arguments: ["", "[", "[]", #"{"type":"async"}"#])
    func malformed(_ text: String) {
        #expect(throws: SoftwareAgentError.self) { try reply(202, text) }
    }

    @Test("a change is known by its id")
    func change() throws {
        #expect(try reply(202, #"{"type":"async","change":"12","result":null}"#) == .started("12"))
    }

    @Test("a refusal has snapd's kind, when it has one, and its words")
    func refusals() throws {
        let busy = try reply(409, #"{"type":"error","result":{"message":"busy","kind":"snap-change-conflict"}}"#)
        #expect(busy == .refused(SnapdRefusal(status: 409, kind: "snap-change-conflict", message: "busy")))
        let store = try reply(400, #"{"type":"error","result":{"message":"unable to contact snap store"}}"#)
        #expect(store == .refused(SnapdRefusal(status: 400, kind: nil, message: "unable to contact snap store")))
        #expect(try reply(403, "no", type: "text/plain") == .refused(SnapdRefusal(status: 403, kind: nil, message: "snapd answers 403")))
    }

    @Test("only what the action asked for is done already")
    func doneAlready() {
        let pairs: [(String, Set<SnapAction>)] = [
            ("snap-already-installed", [.install, .requiredInstall]), ("snap-not-installed", [.remove]),
            ("snap-no-update-available", [.refresh]), ("snap-not-found", []),
        ]
        for (kind, actions) in pairs {
            let refusal = SnapdRefusal(status: 400, kind: kind, message: "")
            #expect(Set(SnapAction.allCases.filter(refusal.isDoneAlready)) == actions)
        }
    }

    @Test("logs, which are a sequence of JSON, and assertions are taken as they are")
    func texts() throws {
        #expect(try reply(200, "\u{1e}{}", type: "application/json-seq") == .done(Array("\u{1e}{}".utf8)))
        #expect(try reply(200, "type: model", type: "application/x.ubuntu.assertion") == .done(Array("type: model".utf8)))
    }
}
