import Foundation

/// A device of a test: a certificate, and `curl` that uses it.
struct TestDevice: Sendable {
    let server: TestServer
    let uuid: String
    /// Holds client.pem, pkey.pem and root.crt.
    let folder: String

    var certificateOptions: [String] { ["--cert", "\(folder)/client.pem", "--key", "\(folder)/pkey.pem"] }

    /// One request, by `curl` with the device's certificate. `path` may be a whole URL.
    func request(_ method: String, _ path: String, _ options: [String] = []) async throws -> Answer {
        let url = path.hasPrefix("https://") ? path : server.gateway + path
        let verb = method == "HEAD" ? ["--head"] : ["-X", method]
        return try await Answer.of(
            curl: ["--path-as-is", "--cacert", "\(folder)/root.crt"] + certificateOptions + verb + options + [url])
    }

    func get(_ path: String, tag: String? = nil, _ options: [String] = []) async throws -> Answer {
        try await request("GET", path, (tag.map { ["-H", "x-ats-tags: \($0)"] } ?? []) + options)
    }

    func send(_ method: String, _ path: String, body: String) async throws -> Answer {
        try await request(method, path, ["-H", "Content-Type: application/json", "--data-binary", body])
    }

    /// Sends bytes over TLS as they are and returns all that comes back until the server closes.
    func raw(_ text: String, certificate: Bool = true) async throws -> String {
        try await raw(Data(text.utf8), certificate: certificate)
    }

    func raw(_ bytes: Data, certificate: Bool = true) async throws -> String {
        try await tls(bytes, ["-quiet", "-alpn", "http/1.1"], certificate: certificate).text
    }

    /// The same with what `openssl s_client` tells about the connection, unless `options` have `-quiet`.
    func tls(_ bytes: Data, _ options: [String] = [], certificate: Bool = true) async throws -> Tool.Outcome {
        try await Tool.run(
            ["timeout", "20", "openssl", "s_client", "-connect", "127.0.0.1:\(server.port)", "-servername", "localhost"]
                + ["-CAfile", "\(folder)/root.crt", "-ign_eof"]
                + (certificate ? ["-cert", "\(folder)/client.pem", "-key", "\(folder)/pkey.pem"] : []) + options, input: bytes)
    }

    /// One event as devices send it while they take an update.
    func event(
        _ type: String, id: String = UUID().uuidString, correlation: String = "42-abc", success: Bool? = nil, update: String = "42"
    ) async throws -> Answer {
        let outcome = success.map { #","success":\#($0)"# } ?? ""
        return try await send(
            "POST", "/events",
            body: """
                [{"id":"\(id)","deviceTime":"2026-01-01T00:00:00Z","eventType":{"id":"\(type)","version":0},\
                "event":{"correlationId":"\(correlation)","targetName":"lmp-\(update)","version":"\(update)"\(outcome)}}]
                """)
    }
}
