/// Who calls.
enum Principal: Hashable, Sendable {
    case anonymous
    /// Somebody who may open the Unix socket.
    case local
    /// The id of a token; not secret.
    case token(String)

    /// As rollouts and histories name who did something.
    var name: String {
        switch self {
        case .anonymous: "anonymous"
        case .local: "local"
        case .token(let id): "token \(id)"
        }
    }
}
