import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import TUF

/// A repository behind HTTP. Paths are put behind the address as they are; redirects are refused, since they would
/// take the client to whom it was not sent; each file is asked for once, with GET.
struct HTTPRepository: MetadataFetcher, TargetFetcher {
    typealias Client = HTTPClient

    private let client: HTTPClient
    private let base: String

    /// `address` may end in a slash or not.
    init(_ client: HTTPClient, at address: String) {
        self.client = client
        base = address.hasSuffix("/") ? address : address + "/"
    }

    static func makeClient() -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(10), read: .seconds(60))
        // Nothing is read that the limits do not count.
        configuration.decompression = .disabled
        configuration.httpVersion = .http1Only
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func fetch(_ path: String, limit: Int) async throws(TUFError) -> [UInt8]? {
        var bytes: [UInt8] = []
        let isPresent = try await fetch(path) { (piece) throws(TUFError) in
            guard bytes.count + piece.count <= limit else {
                throw TUFError(.fetchTooLarge, "\(base)\(path) has more than \(limit) bytes")
            }
            bytes += piece
        }
        return isPresent ? bytes : nil
    }

    func fetch(_ path: String, into sink: (ArraySlice<UInt8>) throws(TUFError) -> Void) async throws(TUFError) -> Bool {
        let address = base + Self.escaped(path)
        do {
            // The deadline is for the head; a body that comes to a halt is the read timeout's.
            let response = try await client.execute(HTTPClientRequest(url: address), timeout: .seconds(60))
            switch response.status {
            case .ok: break
            case .notFound, .forbidden: return false
            default:
                throw TUFError(.fetchFailed, "\(address) answers \(response.status.code); check the address of the repository")
            }
            for try await piece in response.body { try sink(Array(piece.readableBytesView)[...]) }
            return true
        } catch let error as TUFError {
            throw error
        } catch {
            throw TUFError(.fetchFailed, "cannot fetch \(address): \(error)")
        }
    }

    /// Escapes only what no address can hold, such as blanks and letters beyond ASCII: a percent sign stays one.
    private static func escaped(_ path: String) -> String {
        var escaped: [UInt8] = []
        for byte in path.utf8 {
            if (0x21...0x7E).contains(byte), !"\"<>\\^`{|}".utf8.contains(byte) {
                escaped.append(byte)
            } else {
                let digits = Array("0123456789ABCDEF".utf8)
                escaped += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
