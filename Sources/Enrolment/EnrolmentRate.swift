/// Counts requests in whole minutes and says when there were too many.
///
/// Who is over its own limit takes nothing from the others, and a table of addresses is never longer than the limit of all.
public struct EnrolmentRate: Sendable {
    /// Requests in a minute.
    public struct Limits: Equatable, Sendable {
        public var inAll: Int
        public var perAddress: Int

        public init(inAll: Int = 60, perAddress: Int = 6) {
            self.inAll = inAll
            self.perAddress = perAddress
        }
    }

    public static let seconds: Int64 = 60

    private let limits: Limits
    private var minute: Int64 = .min
    private var counts: [String: Int] = [:]
    private var count = 0

    public init(_ limits: Limits) { self.limits = limits }

    /// Nil when the request may go on; else the seconds after which to come again.
    ///
    /// - Parameter now: seconds since 1970.
    public mutating func take(_ address: String, now: Int64) -> Int64? {
        let present = now / Self.seconds
        if present != minute {
            minute = present
            counts.removeAll(keepingCapacity: true)
            count = 0
        }
        let wait = Self.seconds - now % Self.seconds
        let own = counts[address] ?? 0
        guard own < limits.perAddress, count < limits.inAll else { return wait }
        counts[address] = own + 1
        count += 1
        return nil
    }
}
