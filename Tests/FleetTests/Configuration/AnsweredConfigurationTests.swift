import Testing

@testable import Fleet

@Suite("Whether a device has what holds")
struct AnsweredConfigurationTests {
    private typealias Answered = AnsweredConfiguration

    @Test("a second that nothing is known of is never current, 0 neither")
    func unknown() {
        for since in [0, 1, 1_000] as [Int64] { #expect(!Answered.nothing.isCurrent(since: since, changed: 1)) }
    }

    @Test("the second of the last answer is current until something changes")
    func current() throws {
        let answered = try #require(Answered.nothing.answering(at: 1_000, revision: 7))
        #expect(answered.isCurrent(since: 1_000, changed: 7))
        #expect(!answered.isCurrent(since: 1_000, changed: 8))
        #expect(!answered.isCurrent(since: 999, changed: 1))
        #expect(!answered.isCurrent(since: 1_001, changed: 1))
    }

    @Test("of two answers within one second the device may hold the first: a change between them is not taken for known")
    func oneSecond() throws {
        let first = try #require(Answered.nothing.answering(at: 1_000, revision: 7))
        let second = try #require(first.answering(at: 1_000, revision: 8))
        #expect(!second.isCurrent(since: 1_000, changed: 8))
        let later = try #require(second.answering(at: 1_001, revision: 8))
        #expect(later.isCurrent(since: 1_001, changed: 8))
        #expect(!later.isCurrent(since: 1_000, changed: 8))
    }

    @Test("answers side by side leave a second that stands for neither, for the rest of it")
    func sideBySide() throws {
        let answered = try #require(Answered.nothing.answering(at: 1_000, revision: 7))
        let doubted = try #require(answered.doubting(1_000))
        #expect(!doubted.isCurrent(since: 1_000, changed: 1))
        #expect(try #require(doubted.answering(at: 1_000, revision: 9)).isCurrent(since: 1_000, changed: 1) == false)
        #expect(answered.doubting(999) == nil)
    }

    @Test("a clock that was set back gives no second that is remembered")
    func clockBack() throws {
        let answered = try #require(Answered.nothing.answering(at: 1_000, revision: 7))
        #expect(answered.answering(at: 999, revision: 9) == nil)
        #expect(answered.answering(at: -1, revision: 9) == nil)
        #expect(Answered.nothing.answering(at: Int64(UInt32.max) + 1, revision: 1) == nil)
    }

    @Test("a change of group forgets the answer, also the one that is being made")
    func group() throws {
        let configuration = DeviceConfiguration()
        configuration.remember(configuration.lastAnswer, at: 1_000, revision: 5)
        #expect(configuration.isCurrent(since: 1_000, changed: 5))
        let before = configuration.lastAnswer
        configuration.forgetAnswer()
        #expect(!configuration.isCurrent(since: 1_000, changed: 1))
        configuration.remember(before, at: 1_002, revision: 6)
        #expect(!configuration.isCurrent(since: 1_002, changed: 1))
        configuration.remember(configuration.lastAnswer, at: 1_003, revision: 6)
        #expect(configuration.isCurrent(since: 1_003, changed: 6))
    }

    @Test("beyond the last revision that is told from others, files are sent at each request")
    func exhausted() throws {
        let answered = try #require(Answered.nothing.answering(at: 1_000, revision: 1 << 24))
        #expect(!answered.isCurrent(since: 1_000, changed: 1))
        let last = try #require(Answered.nothing.answering(at: 1_000, revision: Answered.lastRevision))
        #expect(last.isCurrent(since: 1_000, changed: Answered.lastRevision))
    }
}
