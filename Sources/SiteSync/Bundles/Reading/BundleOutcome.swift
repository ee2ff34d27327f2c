import UpdateTree

/// What became of one update of a bundle.
public struct BundleOutcome: Sendable {
    public enum Result: Sendable {
        case imported(UpdateReport)
        /// Nothing to do: the same update lies in the tree.
        case alreadyHere
        /// It was checked and not accepted.
        case refused(UpdateReport)
        /// The bundle or the disk failed; importing again goes on.
        case failed(any Error)
    }

    public let key: UpdateKey
    public let result: Result

    /// Whether the tree has the update now.
    public var isHere: Bool {
        switch result {
        case .imported, .alreadyHere: true
        case .refused, .failed: false
        }
    }
}
