import Testing

@testable import Snaps

@Suite("Answers of agents")
struct SnapAnswerTests {
    private func answer(_ text: String) throws -> SnapAnswer { try SnapAnswer(parsing: Array(text.utf8)) }

    @Test("a missing success is false, and absent or null members are no error")
    func lenient() throws {
        let answer = try answer(#"{"id":"a","action":"install","message":null,"extra":[1]}"#)
        #expect(!answer.success && answer.message.isEmpty && answer.result == nil && answer.progress == nil)
        #expect(try self.answer(#"{"action":"list","success":true,"result":[{"name":"core","revision":5}]}"#).list?.names.count == 1)
    }

    @Test("what is no answer is refused", arguments: ["", "[]", "{}", "null", #"{"id":"a"}"#, #"{"id":7,"action":"list"}"#, "{"])
    func refused(_ text: String) {
        #expect(throws: SnapsError.self) { try answer(text) }
    }

    @Test("a list is counted before it is read")
    func tooLong() {
        let snaps = Array(repeating: #"{"name":"a"}"#, count: SnapList.most + 1).joined(separator: ",")
        for result in ["[\(snaps)]", #"{"snaps":[\#(snaps)]}"#] {
            #expect { try answer(#"{"id":"a","action":"list","success":true,"result":\#(result)}"#) } throws: {
                ($0 as? SnapsError)?.code == .listInvalid
            }
        }
    }

    @Test("a long text is cut between characters' bytes, whatever it is made of", .timeLimit(.minutes(1)))
    func cut() throws {
        let marks = String(repeating: "\u{301}", count: 200_000)
        let answer = try answer(#"{"id":"a","action":"info","success":true,"message":"e\#(marks)","result":"xe\#(marks)"}"#)
        #expect(answer.message.utf8.count <= SnapAnswer.longestMessage && answer.message.utf8.count > SnapAnswer.longestMessage - 4)
        #expect((answer.result ?? "").utf8.count <= SnapAnswer.longestResult)
    }

    @Test("what an answer says comes back as it was written")
    func roundTrip() throws {
        let answer = SnapAnswer(id: "a", action: .requiredInstall, success: true, message: "m", progress: .done)
        #expect(try SnapAnswer(parsing: answer.json) == answer)
    }
}
