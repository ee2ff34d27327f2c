/// A moment of making a bundle at which it may be cut: tests cut at each of them.
enum BundleStep: Hashable, Sendable {
    case begun
    case written(String)
    case contentsComplete
    case manifestWritten
    case signatureWritten
    case finished
}
