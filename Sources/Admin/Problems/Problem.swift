import Hummingbird

/// An answer that says what went wrong and how to mend it (RFC 9457).
struct Problem: Error, Equatable, Sendable {
    let status: HTTPResponse.Status
    /// Stable; what a program compares.
    let slug: String
    /// One sentence for a person.
    let detail: String
    var headers: HTTPFields = [:]
    /// The character of a filter at which the error stands, from 1.
    var position: Int?

    init(_ status: HTTPResponse.Status, _ slug: String, _ detail: String, headers: HTTPFields = [:]) {
        self.status = status
        self.slug = slug
        self.detail = detail
        self.headers = headers
    }

    /// The slug as a person reads it.
    var title: String {
        let words = slug.split(separator: "-").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
