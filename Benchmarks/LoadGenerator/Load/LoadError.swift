/// What keeps the load generator from starting or going on, with the remedy in the message.
struct LoadError: Error, CustomStringConvertible {
    enum Code: Sendable {
        case badInput
        case cannotConnect
        case wrongProtocol
        case malformedResponse
        case connectionClosed
    }

    var code: Code
    var message: String

    var description: String { "\(code): \(message)" }
}
