/// What was done about one damaged file of the content store.
public struct StoreMend: Sendable {
    public enum Outcome: Sendable, Equatable {
        /// A right copy took its place, there and in every update that held it.
        case restored(from: String)
        /// It was right, or gone, when it was looked at again.
        case nothingToDo
        /// It was removed: no update held it.
        case removed
        /// It is out of the way of imports, and the updates that hold it are refused.
        case setAside
        /// It could not be read and stays as it is.
        case left
    }

    public let content: SharedContent
    public let outcome: Outcome
    /// The updates that held the damaged file.
    public let updates: [UpdateKey]
    /// What was tried in vain, one sentence each.
    public let tried: [String]

    /// Whether all is well again.
    public var isMended: Bool {
        switch outcome {
        case .restored, .nothingToDo, .removed: true
        case .setAside, .left: false
        }
    }
}
