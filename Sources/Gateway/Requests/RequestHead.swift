import Fleet
import NIOHPACK
import NIOHTTP1

/// The head of a request, without regard to the protocol it came by. Only fields that matter are kept.
struct RequestHead: Sendable {
    enum Method: Equatable, Sendable {
        case get, head, put, post, patch
        case other(String)

        init(_ method: HTTPMethod) {
            switch method {
            case .GET: self = .get
            case .HEAD: self = .head
            case .PUT: self = .put
            case .POST: self = .post
            case .PATCH: self = .patch
            default: self = .other(method.rawValue)
            }
        }
    }

    var method: Method
    /// As it was sent: path and query, still percent-encoded.
    var target: String
    var host: String?
    var checkIn = CheckInHeaders()
    var range: String?
    var ifRange: String?
    var ifNoneMatch: String?
    var ifModifiedSince: String?
    var contentLength: Int?
    var hasChunkedBody = false
    var expectsContinue = false
    /// All values of `connection`, HTTP/1 only.
    var connection: String?
    /// Two hosts, or two ways to tell where the body ends.
    var isAmbiguous = false
    /// Bytes of all names and values.
    var headerBytes = 0

    init(_ head: HTTPRequestHead) {
        method = Method(head.method)
        target = head.uri
        for (name, value) in head.headers { take(name, value) }
        if hasChunkedBody, contentLength != nil { isAmbiguous = true }
    }

    /// Nil when a pseudo header is missing.
    init?(_ headers: HPACKHeaders) {
        var method: String?
        var path: String?
        self.method = .get
        target = ""
        for (name, value, _) in headers {
            switch name {
            case ":method": method = value
            case ":path": path = value
            case ":authority": host = value
            case ":scheme": continue
            default: take(name, value)
            }
        }
        guard let method, let path else { return nil }
        self.method = Method(HTTPMethod(rawValue: method))
        target = path
    }

    private mutating func take(_ name: String, _ value: String) {
        headerBytes += name.utf8.count + value.utf8.count
        // The length tells nearly all names apart, so most fields cost one comparison.
        switch name.utf8.count {
        case 4:
            if Self.same(name, "host") {
                if host != nil { isAmbiguous = true }
                host = value
            }
        case 5: if Self.same(name, "range") { range = value }
        case 6: if Self.same(name, "expect") { expectsContinue = Self.same(value, "100-continue") }
        case 8: if Self.same(name, "if-range") { ifRange = value }
        case 10:
            if Self.same(name, "x-ats-tags") {
                checkIn.tags = checkIn.tags.map { "\($0),\(value)" } ?? value
            } else if Self.same(name, "connection") {
                connection = connection.map { "\($0),\(value)" } ?? value
            }
        case 12: if Self.same(name, "x-ats-target") { checkIn.target = value }
        case 13: if Self.same(name, "if-none-match") { ifNoneMatch = value }
        case 14: if Self.same(name, "content-length") { contentLength = Int(value) }
        case 16:
            if Self.same(name, "x-ats-ostreehash") {
                checkIn.ostreeHash = value
            } else if Self.same(name, "x-ats-dockerapps") {
                checkIn.apps = value
            }
        case 17:
            if Self.same(name, "if-modified-since") {
                ifModifiedSince = value
            } else if Self.same(name, "transfer-encoding") {
                hasChunkedBody = true
            }
        default: break
        }
    }

    /// The connection is to become another protocol's.
    var asksForUpgrade: Bool { method == .other("CONNECT") || hasConnectionOption("upgrade") }

    /// Whether `connection` lists the option.
    func hasConnectionOption(_ option: StaticString) -> Bool {
        guard let connection else { return false }
        return connection.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" }).contains { Self.same($0, option) }
    }

    /// Whether `text` is `lowercase` but for the case of ASCII letters.
    static func same(_ text: some StringProtocol, _ lowercase: StaticString) -> Bool {
        guard text.utf8.count == lowercase.utf8CodeUnitCount else { return false }
        var pointer = lowercase.utf8Start
        for byte in text.utf8 {
            let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
            if lower != pointer.pointee { return false }
            pointer += 1
        }
        return true
    }
}
