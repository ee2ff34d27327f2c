/// One signed statement of snapd's world: headers, perhaps a body, and a signature.
///
/// Only the form is read here. Whether the signature holds is for snapd to say, which knows whom the device trusts; or for
/// ``AssertionKeys``, where an operator names the keys.
///
/// ```swift
/// let assertions = try Assertion.stream(bytes)
/// assertions.first?["snap-sha3-384"]
/// ```
public struct Assertion: Equatable, Sendable {
    public let type: String
    /// Plain headers by name. Lists and maps are left out; text over several lines is joined with line feeds.
    public let headers: [String: String]
    public let body: [UInt8]
    public let signature: String
    /// The bytes that are signed: headers and body as they came.
    public let content: [UInt8]

    public static let longestHeaders = 128 << 10
    public static let longestBody = 2 << 20
    public static let longestSignature = 128 << 10
    /// In one stream.
    public static let most = 256

    public subscript(name: String) -> String? { headers[name] }

    init(headers: [String: String], body: [UInt8], signature: String, content: [UInt8]) throws(SnapsError) {
        guard let type = headers["type"], !type.isEmpty else { throw Self.malformed("it has no header type") }
        self.type = type
        self.headers = headers
        self.body = body
        self.signature = signature
        self.content = content
    }

    static func malformed(_ what: String) -> SnapsError {
        SnapsError(.assertionMalformed, "this is no assertion: \(what); fetch it again, for example with snap download or snap known")
    }
}
