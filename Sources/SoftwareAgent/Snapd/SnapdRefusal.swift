import Snaps

/// Why snapd does not do what it was asked, in its own words.
public struct SnapdRefusal: Equatable, Sendable {
    public let status: Int
    /// snapd's word for the reason; nil of some, such as a store that it can not reach.
    public let kind: String?
    public let message: String

    public init(status: Int, kind: String?, message: String) {
        self.status = status
        self.kind = kind
        self.message = message
    }

    /// Another change has the snap: it is to be tried again.
    public var isConflict: Bool { kind == "snap-change-conflict" }

    /// What `action` asked for is so already.
    public func isDoneAlready(_ action: SnapAction) -> Bool {
        switch (action, kind) {
        case (.install, "snap-already-installed"), (.requiredInstall, "snap-already-installed"): true
        case (.remove, "snap-not-installed"), (.refresh, "snap-no-update-available"): true
        default: false
        }
    }
}
