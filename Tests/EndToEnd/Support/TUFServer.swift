import Foundation
import Testing

/// python-tuf's repositories behind HTTP, on a port of the system's choice, with a note of every request.
///
/// Below `/redirect/` every file is elsewhere, below `/broken/` the server fails, below `/endless/` a file never ends.
final class TUFServer: Sendable {
    let folder: String
    let address: String
    private let process: Process

    private static let script = """
        import http.server, os, sys, urllib.parse
        os.chdir(sys.argv[1])
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                with open("requests", "a") as notes:
                    notes.write(self.command + " " + self.path + "\\n")
                if self.path.startswith("/redirect/"):
                    self.send_response(302)
                    self.send_header("Location", self.path.replace("/redirect/", "/", 1))
                    self.send_header("Content-Length", "0")
                    return self.end_headers()
                if self.path.startswith("/broken/"):
                    return self.send_error(500)
                if self.path.startswith("/endless/") and not self.path.endswith("root.json"):
                    self.send_response(200)
                    self.end_headers()
                    try:
                        while True: self.wfile.write(b" " * 65536)
                    except OSError:
                        with open("requests", "a") as notes: notes.write("cut off\\n")
                        return
                path = self.path[1:]
                if not os.path.isfile(path): path = urllib.parse.unquote(path)
                try:
                    with open(path, "rb") as file: data = file.read()
                except OSError:
                    return self.send_error(403 if "2.root" in path else 404)
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            do_HEAD = do_POST = do_GET
            def log_message(self, *arguments): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """

    /// Makes the repositories of these names, or all, and serves them until the value is let go.
    init(_ names: String...) async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("tuf-server-\(UUID().uuidString)").path
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let python =
            ProcessInfo.processInfo.environment["OTASERVE_PYTHON"] ?? package.appendingPathComponent(".build/python/bin/python").path
        try #require(FileManager.default.isExecutableFile(atPath: python), "python-tuf is missing: run scripts/install-python-packages")
        let script = package.appendingPathComponent("Tests/TUFTests/Interop/make_repositories.py").path
        try await Tool.check([python, script, folder] + names)
        process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", Self.script, folder]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line: [UInt8] = []
        while line.last != 0x0A, let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty { line += byte }
        address = "http://127.0.0.1:\(String(decoding: line.dropLast(), as: UTF8.self))"
    }

    deinit {
        // A child that is started from the concurrency pool has the other signals blocked.
        kill(process.processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(atPath: folder)
    }

    func file(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(path)")) }

    /// What was asked for since the last call.
    func takeRequests() -> [String] {
        let notes = "\(folder)/requests"
        let text = FileManager.default.contents(atPath: notes).map { String(decoding: $0, as: UTF8.self) } ?? ""
        try? FileManager.default.removeItem(atPath: notes)
        return text.split(separator: "\n").map(String.init)
    }
}
