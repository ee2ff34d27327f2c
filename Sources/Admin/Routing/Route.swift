import Hummingbird

/// One operation of the API.
struct Route: Sendable {
    typealias Answer = @Sendable (Call) async throws -> Response

    let method: HTTPRequest.Method
    /// Such as `/v1/devices/{uuid}`, as `openapi.yaml` writes it.
    let template: String
    let access: Access
    let answer: Answer

    init(_ method: HTTPRequest.Method, _ template: String, _ access: Access, _ answer: @escaping Answer) {
        self.method = method
        self.template = template
        self.access = access
        self.answer = answer
    }

    /// Words that stand where a device's uuid could stand, and that a device may have as its uuid.
    private static let words = ["preregister", "bulk", "count", "export"]

    /// The paths under which a router must know it. A router prefers a fixed word to a parameter: without the other
    /// paths no operator could reach a device that calls itself `preregister`, not even to deny it. Only looking at
    /// one that is called `count` or `export` takes an escaped letter (`%63ount`): these two are something to look at.
    var paths: [String] {
        let shadowed = "/v1/devices/{uuid}"
        guard template.hasPrefix(shadowed) else { return [template] }
        let words = template == shadowed && method == .get ? ["preregister", "bulk"] : Self.words
        return [template] + words.map { "/v1/devices/\($0)" + template.dropFirst(shadowed.count) }
    }

    /// Whether `path` is one of this route's.
    func matches(_ path: String) -> Bool { Self.values(of: template, in: path) != nil }

    /// The values of the template's parameters, still percent-encoded; nil when `path` is another one's.
    static func values(of template: String, in path: String) -> [Substring: Substring]? {
        let words = template.split(separator: "/")
        let parts = path.split(separator: "/")
        guard words.count == parts.count else { return nil }
        var values: [Substring: Substring] = [:]
        for (word, part) in zip(words, parts) {
            if word.hasPrefix("{") {
                values[word.dropFirst().dropLast()] = part
            } else if word != part {
                return nil
            }
        }
        return values
    }
}
