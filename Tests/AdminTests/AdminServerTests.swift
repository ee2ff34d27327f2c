import Foundation
import Testing

@testable import Admin

@Suite("Listeners", .timeLimit(.minutes(1)))
struct AdminServerTests {
    @Test("the TCP listener tells its address and asks for a token")
    func tcp() async throws {
        let fixture = try Fixture()
        try await withServer(fixture) { address, _ in
            #expect(address.hasPrefix("http://127.0.0.1:"))
            let client = try RawConnection(to: address)
            client.get("/v1/devices")
            #expect(try await client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 401"))
        }
    }

    @Test("the Unix socket belongs to its owner, needs no token, replaces a stale one and goes with the server")
    func unixSocket() async throws {
        let fixture = try Fixture()
        let path = fixture.folder + "/admin.sock"
        for _ in 0..<2 {
            try await withServer(fixture, .unixSocket(path: path)) { address, _ in
                #expect(address == "unix:\(path)")
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(mode == 0o600)
                #expect(!FileManager.default.fileExists(atPath: path + ".d"))
                let client = try RawConnection(to: address)
                client.get("/v1/tokens")
                #expect(try await client.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
            }
            #expect(!FileManager.default.fileExists(atPath: path))
            // What a killed server leaves behind.
            let stale = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var place = sockaddr_un()
            place.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
            let bound = withUnsafePointer(to: &place) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(stale, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
            }
            #expect(bound == 0)
            close(stale)
        }
    }

    @Test("a file that is no socket is not replaced")
    func plainFile() async throws {
        let fixture = try Fixture()
        let path = fixture.folder + "/precious"
        try Data("x".utf8).write(to: URL(fileURLWithPath: path))
        await #expect(throws: (any Error).self) {
            try await withServer(fixture, .unixSocket(path: path)) { _, _ in }
        }
        #expect(FileManager.default.contents(atPath: path) == Data("x".utf8))
    }
}
