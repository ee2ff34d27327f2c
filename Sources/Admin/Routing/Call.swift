import Hummingbird

/// A request that may be answered, with its parts checked as they are taken out.
struct Call: Sendable {
    let request: Request
    let principal: Principal
    let auditNote = AuditNote()
    private let values: [Substring: Substring]

    init(_ request: Request, template: String, principal: Principal) {
        self.request = request
        self.principal = principal
        values = Route.values(of: template, in: request.uri.path) ?? [:]
    }

    /// A part of the path, percent-decoded.
    func parameter(_ name: String) throws(Problem) -> String {
        guard let value = values[name[...]], let text = PercentEncoding.decode(value) else {
            throw Problem(.badRequest, "path-invalid", "the path is not well percent-encoded UTF-8")
        }
        return text
    }

    /// A member of the query, percent-decoded; nil when it is absent.
    func query(_ name: String) -> String? { request.uri.queryParameters[name[...]].map { String($0) } }

    /// How many elements a page may have.
    func limit(default standard: Int) throws(Problem) -> Int {
        guard let text = query("limit") else { return standard }
        guard let limit = Int(text), (1...1000).contains(limit) else {
            throw Problem(.badRequest, "limit-invalid", "limit must be a number from 1 to 1000")
        }
        return limit
    }

    /// The last element of the page before; nil for the first page.
    func cursor() throws(Problem) -> String? {
        guard let text = query("cursor") else { return nil }
        guard let cursor = Cursor(text) else { throw Cursor.invalid }
        return cursor.last
    }
}
