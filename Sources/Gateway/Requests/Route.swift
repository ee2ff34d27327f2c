import Fleet
import Snaps
import UpdateTree

/// What a path names. Nothing else of a request decides about it.
enum Route: Equatable {
    case content(Content)
    /// `…/registry/v2/<name>/{manifests,blobs}/sha256:<hex>`, with the query's token.
    case registry(Digest, isManifest: Bool, token: String?)
    /// `/snaps/<sha3-384>.snap` and `….assert`.
    case snap(SnapDigest, SnapPart)
    case downloadURLs
    case appProxyURL
    case device
    case report(Report)
    case events
    case appsStates
    case configuration
    /// `/config-device`.
    case ownConfiguration
    case tests
    case test(TestID)
    case testFile(TestID, TestFileName)
    case ecus
    case hubCredentials
    /// `/snaps/heartbeat`.
    case heartbeat
    /// `/snaps/answers`.
    case snapAnswers
    /// Anything that is for sites.
    case site

    /// Nil when the path names nothing.
    init?(target: String) {
        let (path, query) = Self.parts(of: target)
        if let rest = Self.rest(of: path, after: "/ostree/") {
            self.init(ostree: rest)
        } else if let rest = Self.rest(of: path, after: "/repo/") {
            guard let name = PercentDecoding.decode(rest), let file = MetadataFile(fileName: name) else {
                return nil
            }
            self = .content(.metadata(file))
        } else if let rest = Self.rest(of: path, after: "/snaps/") {
            self.init(snaps: rest)
        } else if let rest = Self.rest(of: path, after: "/registry/v2/") {
            self.init(registry: rest, query: query)
        } else {
            self.init(named: path)
        }
    }

    static func parts(of target: String) -> (path: Substring, query: Substring?) {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (target[...], nil) }
        return (target[..<mark], target[target.utf8.index(after: mark)...])
    }

    /// What follows `prefix`, compared byte by byte: Unicode's rules have no place here and cost time.
    static func rest(of path: Substring, after prefix: StaticString) -> Substring? {
        let length = prefix.utf8CodeUnitCount
        let bytes = path.utf8
        guard bytes.count >= length,
            zip(bytes, UnsafeBufferPointer(start: prefix.utf8Start, count: length)).allSatisfy({ $0 == $1 })
        else { return nil }
        return path[bytes.index(bytes.startIndex, offsetBy: length)...]
    }

    private init?(ostree rest: Substring) {
        if rest == "download-urls" {
            self = .downloadURLs
            return
        }
        guard let text = PercentDecoding.decode(rest), let path = try? ObjectPath(text) else { return nil }
        self = .content(.object(path))
    }

    private init?(snaps rest: Substring) {
        if rest == "heartbeat" || rest == "answers" {
            self = rest == "heartbeat" ? .heartbeat : .snapAnswers
            return
        }
        guard let dot = rest.utf8.firstIndex(of: UInt8(ascii: ".")), let digest = try? SnapDigest(rest[..<dot]) else { return nil }
        switch rest[dot...] {
        case ".snap": self = .snap(digest, .snap)
        case ".assert": self = .snap(digest, .assertions)
        default: return nil
        }
    }

    private init?(registry rest: Substring, query: Substring?) {
        guard rest.utf8.count <= 512, let text = PercentDecoding.decode(rest) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 3, let digest = try? Digest(parts[parts.count - 1]) else { return nil }
        let kind = parts[parts.count - 2]
        guard kind == "manifests" || kind == "blobs", parts.dropLast(2).allSatisfy({ (try? AppName($0)) != nil }) else {
            return nil
        }
        let token = query?.split(separator: "&").first { $0.hasPrefix("token=") }.map { String($0.dropFirst(6)) }
        self = .registry(digest, isManifest: kind == "manifests", token: token)
    }

    private init?(named path: Substring) {
        switch path {
        case "/device": self = .device
        case "/events": self = .events
        case "/app-proxy-url": self = .appProxyURL
        case "/apps-states": self = .appsStates
        case "/config": self = .configuration
        case "/config-device": self = .ownConfiguration
        case "/system_info": self = .report(.hardwareInfo)
        case "/system_info/network": self = .report(.networkInfo)
        case "/system_info/config": self = .report(.aktoml)
        case "/ecus": self = .ecus
        case "/tests": self = .tests
        case "/hub-creds/", "/hub-creds": self = .hubCredentials
        default:
            if let rest = Self.rest(of: path, after: "/tests/") {
                self.init(tests: rest)
            } else if Self.rest(of: path, after: SiteRoute.prefix) != nil {
                self = .site
            } else {
                return nil
            }
        }
    }

    private init?(tests rest: Substring) {
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard let id = parts.first.flatMap({ TestID($0) }) else { return nil }
        switch parts.count {
        case 1: self = .test(id)
        case 2:
            guard let text = PercentDecoding.decode(parts[1]), let name = TestFileName(text) else { return nil }
            self = .testFile(id, name)
        default: return nil
        }
    }
}
