/// Which configuration a device was answered with last, in one number: what tells whether what it holds is current.
///
/// A device knows its configuration by the `Date` of the answer that brought it, and asks with that second as
/// `If-Modified-Since`. A second is coarse: within one, files may change twice, and two answers may differ. So times are
/// not compared at all. Every change of configuration has a number (a revision, counted in memory), and of each device it
/// is remembered which second its last answer named and at which revision that answer was made. A device that names
/// this second holds the content of this revision; it is current when nothing that concerns the device has a higher one.
/// Any other second is one that nothing is known of, and the files are sent again.
///
/// This is exact, because
/// - two changes are two revisions, also within one second, and a removal is a change like any other;
/// - two answers within one second keep the lower of their revisions: the device may have lost the second one, and asks
///   once more rather than miss a change;
/// - two answers side by side (two connections) leave a second that stands for neither (revision 0);
/// - a clock that was set back names seconds before the one that is remembered: those are not remembered;
/// - a change of the device's group forgets the answer (``forgotten``), and an answer that was being made meanwhile, out
///   of the old group, finds another ``epoch`` and is not remembered;
/// - after a start nothing is remembered, nor is a second in which the process before may have answered, also when the
///   clock was set back meanwhile (by a day at most; see ``Configurations/began``): each device gets its files once more.
///   A device runs no command for a file whose content is as before, so this costs one answer.
///
/// The second that is remembered and the `Date` of the answer are the same number; the gateway does not read the clock
/// twice.
public struct AnsweredConfiguration: Equatable, Sendable {
    /// Seconds since 1970 in 32 bits, the revision in 24, the epoch in 8.
    let bits: UInt64

    /// The highest revision that is told from others: beyond it, nothing is remembered and files are sent at each request.
    static let lastRevision: UInt64 = 1 << 24 - 1

    init(bits: UInt64) { self.bits = bits }

    private init(second: UInt64, revision: UInt64, epoch: UInt64) { bits = second << 32 | revision << 8 | epoch }

    static let nothing = AnsweredConfiguration(bits: 0)

    private var second: Int64 { Int64(bits >> 32) }
    private var revision: UInt64 { bits >> 8 & 0xFF_FFFF }
    private var epoch: UInt64 { bits & 0xFF }

    /// Whether a device that names `since` has what holds now.
    ///
    /// - Parameter changed: the revision of the last change that concerns the device; never 0.
    func isCurrent(since: Int64, changed: UInt64) -> Bool { second == since && second > 0 && changed <= revision }

    /// What is remembered behind an answer that was made at `second` out of what held at `revision`. Nil: as before.
    func answering(at second: Int64, revision: UInt64) -> AnsweredConfiguration? {
        guard second >= self.second, second > 0, second <= Int64(UInt32.max) else { return nil }
        let known = revision <= Self.lastRevision ? revision : 0
        let kept = second == self.second ? min(known, self.revision) : known
        return AnsweredConfiguration(second: UInt64(second), revision: kept, epoch: epoch)
    }

    /// What is remembered when an answer at `second` went out beside another one.
    func doubting(_ second: Int64) -> AnsweredConfiguration? {
        second == self.second ? AnsweredConfiguration(second: UInt64(second), revision: 0, epoch: epoch) : nil
    }

    /// Every answer is out of date.
    var forgotten: AnsweredConfiguration {
        AnsweredConfiguration(second: UInt64(second), revision: 0, epoch: (epoch + 1) & 0xFF)
    }
}
