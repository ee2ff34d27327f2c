import ArgumentParser
import Foundation

/// Where the server is, and how to be let in.
struct ServerOptions: ParsableArguments {
    @Option(help: "Address of the server. Default: OTACTL_SERVER, or else http://127.0.0.1:8080.")
    var server: String?

    @Option(help: ArgumentHelp("Path of the server's Unix socket, in place of --server.", valueName: "path"))
    var socket: String?

    @Option(help: "Token. Other users see the arguments of a process: prefer --token-file, or OTACTL_TOKEN.")
    var token: String?

    @Option(help: ArgumentHelp("File that holds the token.", valueName: "file"))
    var tokenFile: String?

    func validate() throws {
        if server != nil, socket != nil { throw ValidationError("Give --server or --socket, not both.") }
        if token != nil, tokenFile != nil { throw ValidationError("Give --token or --token-file, not both.") }
    }

    /// - Parameter patience: seconds without a byte after which the server counts as gone.
    func client(patience: Int64) throws(ControlError) -> AdminClient {
        if let socket { return AdminClient(at: .socket(path: socket), token: try readToken(), patience: patience) }
        let environment = ProcessInfo.processInfo.environment
        let address = server ?? environment["OTACTL_SERVER"].flatMap { $0.isEmpty ? nil : $0 } ?? "http://127.0.0.1:8080"
        guard let url = URL(string: address), url.scheme == "http" || url.scheme == "https", url.host?.isEmpty == false else {
            throw ControlError(.usage, "server-invalid", "the server's address must be such as http://127.0.0.1:8080")
        }
        let base = address.hasSuffix("/") ? String(address.dropLast()) : address
        return AdminClient(at: .url(base), token: try readToken(), patience: patience)
    }

    private func readToken() throws(ControlError) -> String? {
        guard let tokenFile else {
            let text = token ?? ProcessInfo.processInfo.environment["OTACTL_TOKEN"]
            return try text.flatMap { (text) throws(ControlError) in text.isEmpty ? nil : try Self.checked(text) }
        }
        guard let text = try? String(contentsOfFile: tokenFile, encoding: .utf8) else {
            throw ControlError(.badData, "token-file-unreadable", "cannot read \(tokenFile); check its path and mode")
        }
        return try Self.checked(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// A token becomes a header: nothing that would end the header may be in it.
    private static func checked(_ text: String) throws(ControlError) -> String {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ControlError(.badData, "token-invalid", "the token is not one that otaserve token create printed")
        }
        return text
    }
}
