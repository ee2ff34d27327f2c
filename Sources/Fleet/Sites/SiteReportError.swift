/// Why the report of a site was not taken.
public struct SiteReportError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case malformed = "site-report-malformed"
        case tooLarge = "site-report-too-large"
        /// Signed by nobody who is trusted, or not signed by that site.
        case unsigned = "site-report-unsigned"
        /// One that was made before the last one that was taken.
        case replayed = "site-report-replayed"
        case fromFuture = "site-report-from-future"
        case siteUnknown = "site-unknown"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }

    /// A decoder's complaint on one short line.
    static func reason(_ error: any Error) -> String {
        guard case let error as DecodingError = error else { return String("\(error)".prefix(200)) }
        let context: DecodingError.Context? =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context), .dataCorrupted(let context):
                context
            @unknown default: nil
            }
        let path = context?.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".") ?? ""
        return path.isEmpty ? "it is no such JSON document" : "\(path.prefix(100)) is not as it must be"
    }
}
