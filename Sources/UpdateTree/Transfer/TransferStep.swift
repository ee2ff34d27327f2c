/// A moment of a transfer at which it may be cut: tests cut at each of them.
enum TransferStep: Hashable, Sendable {
    case claimed
    case metadataFetched
    case metadataChecked
    case fetching(String)
    case fetched(String)
    case checked(String)
    case adopting
    case contentComplete
    case assembled
    case verified
    case shared
    case recorded
    case published
    case cleared
}
