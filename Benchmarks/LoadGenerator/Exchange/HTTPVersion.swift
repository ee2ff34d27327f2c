import ArgumentParser

/// The protocol to negotiate by ALPN.
enum HTTPVersion: String, Sendable, ExpressibleByArgument {
    case http1 = "h1"
    case http2 = "h2"

    var applicationProtocol: String {
        switch self {
        case .http1: "http/1.1"
        case .http2: "h2"
        }
    }
}
