/// All that is known of one device's snaps, and what it is waited for. Decides in ``hear(_:in:)``.
struct SnapDevice: Equatable, Sendable {
    var record: SnapDeviceRecord
    /// The list that was asked for.
    var listRequest: SentRequest?
    /// When it was asked for its list, answered or not; seconds since 1970.
    var askedAt: Int64 = 0
    /// Without an outcome, oldest first.
    var orders: [SnapOrder] = []

    init(_ record: SnapDeviceRecord) { self.record = record }
}
