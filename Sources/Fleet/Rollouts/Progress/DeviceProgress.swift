import DeviceAuth
import UpdateTree

/// How far one device of a rollout is, as the lines tell it.
public struct DeviceProgress: Equatable, Sendable {
    public let id: DeviceID
    /// 1 and up.
    public let phase: Int
    public internal(set) var stage = DeviceStage.waiting
    /// The last status line's text.
    public internal(set) var status: String?
    /// Made contact since it was offered the update.
    public internal(set) var wasSeen = false
    /// When the last line about it was written, seconds since 1970.
    public internal(set) var lastNews: Int64 = 0
    /// The update it had before.
    public internal(set) var previous: UpdateName?
    /// Why it failed: the step, and the device's words.
    public internal(set) var failure: String?
    /// Failed, and the time in which it could have tried again is over.
    public internal(set) var gaveUp = false

    /// Brings no news that matters any more.
    public var isFinal: Bool {
        switch stage {
        case .succeeded, .timedOut, .superseded, .putBack: true
        case .failed: gaveUp
        case .waiting, .offered, .downloading, .installing: false
        }
    }

    init(id: DeviceID, phase: Int) {
        self.id = id
        self.phase = phase
    }
}
