import Testing

@testable import Fleet

@Suite("Waking listeners") struct TailFeedTests {
    @Test("a listener hears of its topic alone, and of where its lines are, those that touch as one")
    func spans() {
        let feed = TailFeed<String>()
        let (a, b) = (feed.listen(to: "a"), feed.listen(to: "b"))
        feed.wake("a", at: 0..<10)
        feed.wake("a", at: 10..<20)
        feed.wake("a", at: 30..<40)
        #expect(a.takeNews() == TailNews(spans: [0..<20, 30..<40], readsOn: false))
        #expect(a.takeNews() == TailNews())
        #expect(b.takeNews() == TailNews())
    }

    @Test("one that is far behind is told to look at everything, and keeps no list")
    func bounded() {
        let feed = TailFeed<String>()
        let listener = feed.listen(to: "a")
        for number in 0..<Int64(TailNews.mostSpans) { feed.wake("a", at: number * 10..<number * 10 + 1) }
        feed.wake("a", at: 5_000..<5_001)
        feed.wake("a", at: 6_000..<6_001)
        #expect(listener.takeNews() == TailNews(spans: [], readsOn: true))
    }

    @Test("growth without a place, or of everybody, is everything")
    func unknownPlace() {
        let feed = TailFeed<String>()
        let listener = feed.listen(to: "a")
        feed.wake("a", at: 0..<10)
        feed.wake("a")
        #expect(listener.takeNews().readsOn)
        feed.wakeAll()
        #expect(listener.takeNews().readsOn)
    }

    @Test("a listener that is let go hears nothing more and holds nothing", .timeLimit(.minutes(1)))
    func gone() async {
        let feed = TailFeed<String>()
        weak var mailbox: TailMailbox?
        do {
            let listener = feed.listen(to: "a")
            mailbox = listener.mailbox
            feed.wake("a")
            for await _ in listener.growth { break }
        }
        feed.wake("a")
        #expect(mailbox == nil)
    }

    @Test("the end of the server ends every listener", .timeLimit(.minutes(1)))
    func finish() async {
        let feed = TailFeed<String>()
        let listeners = ["a", "b"].map { feed.listen(to: $0) }
        feed.finish()
        for listener in listeners { for await _ in listener.growth {} }
    }
}
