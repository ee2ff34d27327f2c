import OperatorAuth

/// What a route asks of who calls it.
enum Access: Equatable, Sendable {
    /// Nothing, not even a token.
    case open
    case scope(Scope)
    /// All scopes there are.
    case all

    var scopes: [Scope] {
        switch self {
        case .open: []
        case .scope(let scope): [scope]
        case .all: Scope.allCases
        }
    }
}
