import DeviceAuth

/// Who follows the fleet's log: all of it, or one device's lines.
public enum FleetTopic: Hashable, Sendable {
    case fleet
    case device(DeviceID)
}

/// What happens to devices, one line each, in the order in which it was stored.
///
/// A position is a count of bytes since the first line ever. It only rises, also over restarts; the oldest lines leave.
/// Devices' events come in with ``ReportStore/append(_:of:)``.
public protocol FleetLog: Sendable {
    var feed: TailFeed<FleetTopic> { get }
    /// Every line before it has been told to the listeners of ``feed``. Ask for it before the news.
    var announced: Int64 { get }
    /// Returns when the lines are on the disk.
    func note(_ notes: [FleetNote]) async throws
    /// The position of the oldest line that is kept.
    func oldest() throws -> Int64
    /// Whether a line ends at a position that is not before ``oldest()``.
    func endsLine(at position: Int64) throws -> Bool
    /// Lines from a position on, of about `limit` bytes of the log; with a device, only that one's.
    /// Throws ``FleetError/Code/lastEventIDGone`` when the position is not kept any more.
    func lines(of device: DeviceID?, from position: Int64, limit: Int) throws -> TailRun
}
