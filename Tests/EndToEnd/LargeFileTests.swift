import Foundation
import Testing

@Suite("Large files and the end of the server")
struct LargeFileTests {
    private static let size = 64 << 20

    @Test("64 MiB arrive whole, eight times at once and at the pace of a slow reader, in bounded memory; a stop lets downloads end")
    func largeFile() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.assignedDevice("one")
        let path = "/ostree/objects/ab/\(String(repeating: "c", count: 62)).filez"
        let file = "\(server.update())/ostree_repo/objects/ab/\(String(repeating: "c", count: 62)).filez"
        try await Tool.check(["bash", "-c", "mkdir -p $(dirname $0) && head -c \(Self.size) /dev/urandom > $0", file])
        let digest = try await Self.sha256(file)
        let fetch = Fetch(device: device, path: path)

        for version in ["--http1.1", "--http2"] {
            #expect(try await fetch.run(version) == digest)
            let part = try await fetch.run(version, "-H", "Range: bytes=1000000-40000000")
            let expected = try await Tool.check(["bash", "-c", "tail -c +1000001 \(file) | head -c 39000001 | sha256sum"])
            #expect(part == String(expected.text.prefix(64)))
        }
        let before = try Self.residentBytes(server)
        try await withThrowingTaskGroup(of: String.self) { group in
            for index in 1...8 { group.addTask { try await fetch.run(index % 2 == 0 ? "--http1.1" : "--http2") } }
            for try await found in group { #expect(found == digest) }
        }
        // Eight that take far less than the server could send: what they have not taken must not pile up.
        let slow = await withTaskGroup(of: Int64.self) { group in
            for index in 1...8 {
                group.addTask {
                    _ = try? await fetch.run(index % 2 == 0 ? "--http1.1" : "--http2", "--limit-rate", "1M", "--max-time", "4")
                    return (try? Self.residentBytes(server)) ?? .max
                }
            }
            return await group.reduce(0) { max($0, $1) }
        }
        #expect(slow - before < 64 << 20, "\(before) bytes, then \(slow)")

        // SIGTERM in the middle of downloads: they end well, connections without a request end at once.
        let idle = try KeptConnection(device)
        #expect(try await idle.request("GET", "/device").status == 200)
        async let first = fetch.run("--http1.1", "--limit-rate", "24M")
        async let second = fetch.run("--http2", "--limit-rate", "24M")
        let isUnderWay = await eventually { fetch.partialFiles == 2 }
        #expect(isUnderWay)
        #expect(await server.terminate() == 0)
        #expect(try await first == digest)
        #expect(try await second == digest)
        #expect(try await idle.request("GET", "/device").status == 0)
        #expect(server.complaints == [])
    }

    @Test("The last answer of a connection arrives whole, however slowly it is read")
    func slowEnd() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.assignedDevice("one")
        let path = "/ostree/objects/ab/\(String(repeating: "c", count: 62)).filez"
        let file = "\(server.update())\(path.replacing("/ostree/", with: "/ostree_repo/"))"
        let size = 5_000_000
        try await Tool.check(["bash", "-c", "mkdir -p $(dirname $0) && head -c \(size) /dev/urandom > $0", file])
        #expect(try await device.get(path).status == 200)
        // Each stops reading for longer than the server waits for the end of TLS. Somewhere among the places where they
        // stop, the rest of the file is in the server's own hands, neither with the kernel nor to be read yet.
        let script = """
            import socket, ssl, sys, threading, time
            port, folder, path, size = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
            tls = ssl.create_default_context(cafile=folder + "/root.crt")
            tls.load_cert_chain(folder + "/client.pem", folder + "/pkey.pem")
            def fetch(pause):
                raw = socket.socket()
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                raw.connect(("127.0.0.1", port))
                link = tls.wrap_socket(raw, server_hostname="localhost")
                link.sendall(("GET " + path + " HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n").encode())
                taken = b""
                while True:
                    piece = link.recv(16384)
                    if not piece: break
                    if len(taken) < pause <= len(taken) + len(piece): time.sleep(3)
                    taken += piece
                body = taken.split(b"\\r\\n\\r\\n", 1)[1]
                if len(body) != size: print("stopped at", pause, "and got", len(body))
            threads = [threading.Thread(target=fetch, args=(place,)) for place in range(size // 10, size, 120000)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            print("done")
            """
        let outcome = try await Tool.run(["python3", "-c", script, "\(server.port)", device.folder, path, "\(size)"])
        #expect(outcome.text == "done\n" && outcome.errors == "", "\(outcome.text) \(outcome.errors.suffix(500))")
    }

    /// Downloads by curl into files of their own.
    private struct Fetch: Sendable {
        let device: TestDevice
        let path: String

        /// The SHA-256 of what arrived.
        func run(_ options: String...) async throws -> String {
            let file = "\(device.folder)/fetch-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: file) }
            try await Tool.check(
                ["curl", "-sSf", "--max-time", "60", "--cacert", "\(device.folder)/root.crt", "-o", file] + device.certificateOptions
                    + options + [device.server.gateway + path])
            return try await LargeFileTests.sha256(file)
        }

        /// Downloads that have begun.
        var partialFiles: Int {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: device.folder)) ?? []
            return names.count { name in
                let size = try? FileManager.default.attributesOfItem(atPath: "\(device.folder)/\(name)")[.size] as? Int
                return name.hasPrefix("fetch-") && size ?? 0 > 0
            }
        }
    }

    private static func sha256(_ file: String) async throws -> String {
        String(try await Tool.check(["sha256sum", file]).text.prefix(64))
    }

    /// What the kernel says the server holds in memory.
    private static func residentBytes(_ server: TestServer) throws -> Int64 {
        let text = try String(contentsOfFile: "/proc/\(server.process?.processIdentifier ?? 0)/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(whereSeparator: \.isWhitespace).compactMap { Int64($0) }.first ?? 0) * 1024
    }
}
