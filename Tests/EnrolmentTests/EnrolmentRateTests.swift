import NIOCore
import Testing

@testable import Enrolment

@Suite("How many may enrol in a minute")
struct EnrolmentRateTests {
    @Test("an address that is over its own limit is told when to come again, and takes nothing from the others")
    func perAddress() {
        var rate = EnrolmentRate(.init(inAll: 4, perAddress: 2))
        for _ in 0..<2 { #expect(rate.take("a", now: 610) == nil) }
        for _ in 0..<100 { #expect(rate.take("a", now: 610) == 50) }
        for _ in 0..<2 { #expect(rate.take("b", now: 611) == nil) }
    }

    @Test("all together are limited too, and a new minute begins with nothing")
    func inAll() {
        var rate = EnrolmentRate(.init(inAll: 3, perAddress: 2))
        for name in ["a", "b", "c"] { #expect(rate.take(name, now: 659) == nil) }
        #expect(rate.take("d", now: 659) == 1)
        for name in ["a", "a", "b"] { #expect(rate.take(name, now: 660) == nil) }
        #expect(rate.take("c", now: 719) == 1)
    }

    @Test("a clock that is put back does not shut anybody out for longer than a minute")
    func back() {
        var rate = EnrolmentRate(.init(inAll: 1, perAddress: 1))
        #expect(rate.take("a", now: 6_000) == nil)
        #expect(rate.take("a", now: 600) == nil)
        #expect(rate.take("a", now: 601) == 59)
    }

    @Test("an IPv6 network counts as one, an IPv4 address in the form of IPv6 as itself")
    func origins() throws {
        func origin(_ text: String) throws -> String { EnrolmentContext.origin(of: try SocketAddress(ipAddress: text, port: 1)) }
        #expect(try origin("2001:db8:1:2::3") == origin("2001:db8:1:2:ffff::4") && origin("2001:db8:1:2::3") != origin("2001:db8:1:3::3"))
        #expect(try origin("::ffff:10.0.0.1") != origin("::ffff:10.0.0.2"))
        #expect(try origin("10.0.0.1") == "10.0.0.1")
    }
}
