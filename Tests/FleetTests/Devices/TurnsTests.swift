import Testing

@testable import Fleet

@Suite("Turns")
struct TurnsTests {
    /// What began, in order.
    private actor Order {
        var began: [String] = []
        func note(_ what: String) { began.append(what) }
    }

    @Test("whoever waits for one key keeps nobody from another")
    func others() async {
        let turns = Turns<String>()
        await turns.take(.one("a"))
        let waiting = Task {
            await turns.take(.one("a"))
            turns.give(.one("a"))
        }
        await turns.take(.one("b"))
        turns.give(.one("b"))
        turns.give(.one("a"))
        await waiting.value
    }

    @Test("those of one key come in the order of asking, and a change of all waits for those before it and keeps back those after it")
    func order() async {
        let turns = Turns<String>()
        let order = Order()
        await turns.take(.one("a"))
        var tasks: [Task<Void, Never>] = []
        for (what, claim) in [("a1", Turns<String>.Claim.one("a")), ("a2", .one("a")), ("all", .all), ("b", .one("b"))] {
            let before = turns.waitingCount
            tasks.append(
                Task {
                    await turns.take(claim)
                    await order.note(what)
                    turns.give(claim)
                })
            while turns.waitingCount == before { await Task.yield() }
        }
        turns.give(.one("a"))
        for task in tasks { await task.value }
        #expect(await order.began == ["a1", "a2", "all", "b"])
    }
}
