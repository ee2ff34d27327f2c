import DeviceAuth

/// One thing that somebody did. No secret goes into it: it is read by many and goes to other sites.
public struct AuditEntry: Equatable, Sendable {
    /// Who did it.
    public enum Actor: Equatable, Sendable, CustomStringConvertible {
        /// An operator with a token; the token's id, not the token.
        case token(String)
        /// Somebody who may open the socket, or who works on the data directory.
        case local
        case site(SiteName)
        /// The server by itself.
        case system

        public var description: String {
            switch self {
            case .token(let id): "token:\(id)"
            case .local: "local"
            case .site(let name): "site:\(name)"
            case .system: "system"
            }
        }
    }

    /// Seconds since 1970.
    public let time: Int64
    public let actor: Actor
    /// A word such as `update-import`, or `PUT /v1/devices/{uuid}/deny` for a call of the admin API.
    public let action: String
    /// What it was done to, such as `ci/main/43`; empty when there is nothing to name.
    public let subject: String
    /// Such as `done`, `204` or the slug of what went wrong.
    public let outcome: String

    /// Bytes of each text; longer ones are cut.
    public static let longestText = 512

    public init(time: Int64, actor: Actor, action: String, subject: String, outcome: String) {
        self.time = time
        self.actor = actor
        self.action = Self.line(action)
        self.subject = Self.line(subject)
        self.outcome = Self.line(outcome)
    }

    /// What comes from outside must not begin a line of its own or move a terminal's cursor.
    private static func line(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            let isPlain = scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && scalar.value != 0x2028 && scalar.value != 0x2029
            let next = isPlain ? scalar : "\u{FFFD}"
            guard line.utf8.count + String(next).utf8.count <= longestText else { break }
            line.unicodeScalars.append(next)
        }
        return line
    }
}
