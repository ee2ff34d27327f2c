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

    /// What was asked for is so already.
    public var isDoneAlready: Bool {
        switch kind {
        case "snap-already-installed", "snap-not-installed", "snap-no-update-available": true
        default: false
        }
    }
}
