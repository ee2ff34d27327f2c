/// Who calls.
enum Principal: Hashable, Sendable {
    case anonymous
    /// Somebody who may open the Unix socket.
    case local
    /// The id of a token; not secret.
    case token(String)
}
