import Foundation
import Snaps
import Testing

@testable import SoftwareAgent

@Suite("What the server asks, again or beyond bounds")
struct RepeatedRequestTests {
    private let moved = [Samples.file("testbase", .base, "C", source: .pool), Samples.app]

    private func requests(_ text: String) throws -> SnapRequests { try SnapRequests(parsing: Array(text.utf8)) }

    @Test("a repeat with another plan takes its place; a change that runs goes on, and nothing is said twice")
    func replanned() {
        var state = Samples.installing()
        state.kept.required?.reported = "words"
        state.kept.required?.attempt = 5
        state.kept.required?.notBefore = 900_000
        state.ask(SnapRequest(id: "r", required: moved))
        #expect(state.kept.required?.snaps == moved)
        #expect(state.kept.required?.phase == .installing([Samples.base.name, Samples.app.name], .running(change: "8")))
        #expect(state.kept.required?.reported == "words")
        #expect(state.kept.required?.attempt == 0)
        #expect(state.kept.required?.notBefore == 0)
        // What is of use for the new plan is not fetched again.
        #expect(state.kept.required?.fetched == [Samples.app].compactMap(\.digest))
        #expect(state.kept.answers.isEmpty)
    }

    @Test("a change that was not asked for yet is not asked for with the plan of before")
    func replannedBefore() {
        for id in ["r", "r-2"] {
            var state = Samples.asked([Samples.base, Samples.app])
            state.take(
                .listed([]), .fetched(Samples.base), .fetched(Samples.app), .acknowledged(Samples.base), .acknowledged(Samples.app),
                .changesNumbered(last: 7, .required))
            state.ask(SnapRequest(id: id, required: moved))
            #expect(state.kept.required?.phase == .looking)
        }
    }

    @Test("a repeat that says the same, nothing, or nonsense changes nothing")
    func sameAgain() {
        var state = Samples.installing()
        state.kept.required?.attempt = 5
        let before = state.kept
        for snaps in [[Samples.base, Samples.app], [], [Samples.base, Samples.base]] {
            state.ask(SnapRequest(id: "r", required: snaps))
            #expect(state.kept == before)
        }
    }

    @Test("a plan of more than 500 snaps is refused")
    func mostRequired() {
        var state = Samples.asked([])
        state.ask(SnapRequest(id: "many", required: (0...500).map { Samples.store("a\($0)") }))
        #expect(state.kept.required == nil)
        #expect(state.kept.answers.last?.document.contains(#""state":"failed""#) == true)
        state.ask(SnapRequest(id: "fewer", required: (1...500).map { Samples.store("a\($0)") }))
        #expect(state.kept.required?.id == "fewer")
    }

    @Test("an order with more than 64 KiB of data is refused")
    func longestData() {
        var state = Samples.asked([])
        state.deliver()
        for (count, isTaken) in [(64 << 10, true), (64 << 10 + 1, false)] {
            state.ask(SnapRequest(id: "o-\(count)", action: .ack, data: String(repeating: "x", count: count)))
            #expect(state.kept.orders.contains { $0.request.id == "o-\(count)" } == isTaken)
        }
        #expect(state.kept.answers.count == 1)
        #expect(state.kept.answers.last?.document.contains("65536 bytes") == true)
    }

    @Test("of ids that want the list the last 32 are kept")
    func mostLists() {
        var state = Samples.asked([])
        for number in 1...40 { state.ask(SnapRequest(id: "\(number)", action: .list)) }
        #expect(state.kept.lists == (9...40).map(String.init))
    }

    @Test("an action that this agent does not know is answered so, once")
    func unknownAction() throws {
        var state = Samples.asked([])
        state.deliver()
        let asked = try requests(#"{"requests":[{"id":"u","action":"dance"},{"id":"","action":"sing"},{"id":"o","action":"info"}]}"#)
        for _ in 1...2 { state.take(.heartbeatTaken(asked)) }
        let documents = state.kept.answers.filter { $0.id == "u" }.map(\.document)
        #expect(documents.count == 1)
        let answer = try SnapAnswer(parsing: Array((documents.first ?? "").utf8))
        #expect(answer.action == "dance")
        #expect(!answer.success)
        #expect(answer.message == "this agent does not know dance")
    }

    @Test(
        "words of a later server cost neither the request nor the file",
        arguments: [
            (#""source":"mirror","type":"other","revision":"?","sha3-384":"D""#, RequiredSnap.Source.update),
            (#""source":"mirror""#, .store), (#""sha3-384":"D""#, .update), (#""source":"pool","sha3-384":"D""#, .pool),
        ])
    func laterWords(members: String, source: RequiredSnap.Source) throws {
        let text = members.replacingOccurrences(of: #""D""#, with: "\"\(String(repeating: "D", count: 64))\"")
        let request = try requests(#"{"requests":[{"id":"r","action":"required-install","snaps":[{"name":"a",\#(text)}]}]}"#)
        let snap = try #require(request.requests.first?.snaps?.first)
        #expect(snap.source == source)
        #expect(snap.kind == nil)
        #expect(snap.revision == nil)
        #expect(request.unknown.isEmpty)
    }
}
