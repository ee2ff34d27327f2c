import AsyncHTTPClient
import Foundation
import NIOCore

/// How answers are read: bounded, and not from a server that only keeps the line open.
extension SiteClient {
    private struct Problem: Decodable {
        let slug: String
        let detail: String?
    }

    /// The whole body of a small answer, at most `limit` bytes; asked again when the line is cut.
    func whole(_ path: String, limit: Int) async throws -> [UInt8] {
        try await retrying { _ in
            let response = try await get(path)
            guard response.status == .ok else { throw await refusal(response, path) }
            var bytes: [UInt8] = []
            try await read(response) { buffer in
                guard bytes.count + buffer.readableBytes <= limit else {
                    throw SiteSyncError(.answerInvalid, "\(path) has more than \(limit) bytes; is \(address) an OTAServe server?")
                }
                bytes.append(contentsOf: buffer.readableBytesView)
            }
            return bytes
        }
    }

    /// Hands on the pieces of a body as they come.
    func read(_ response: HTTPClientResponse, each: (ByteBuffer) async throws -> Void) async throws {
        var watch = LineWatch(settings)
        var body = response.body.makeAsyncIterator()
        while true {
            let asked = elapsed()
            guard let buffer = try await reaching({ try await body.next() }) else { return }
            try watch.saw(buffer.readableBytes, after: elapsed() - asked)
            try await each(buffer)
            try await rate?.take(buffer.readableBytes)
        }
    }

    /// Tries until there is a result. Gives up after several attempts in a row without progress.
    ///
    /// - Parameter attempt: throws `.unreachable` when it may be tried again, and tells its argument the bytes that came.
    func retrying<Value>(_ attempt: (inout Progress) async throws -> Value) async throws -> Value {
        var progress = Progress(enough: settings.leastBytes)
        while true {
            do {
                return try await attempt(&progress)
            } catch let error as SiteSyncError {
                guard error.code == .unreachable else { throw error }
                try Task.checkCancellation()
                guard progress.fruitless + 1 < settings.attempts else {
                    throw SiteSyncError(
                        .cutOff, "gave up after \(settings.attempts) attempts in a row that brought next to nothing: \(error.message)")
                }
                try await pause(settings.pause * (1 << progress.fruitless))
                progress.fruitless += 1
            }
        }
    }

    /// Counts attempts that brought next to nothing. A few bytes at a time are no progress: a server that sends one and
    /// cuts the line must not hold a site for years.
    struct Progress {
        fileprivate let enough: Int64
        fileprivate var fruitless = 0
        private var came: Int64 = 0

        fileprivate init(enough: Int64) { self.enough = enough }

        mutating func came(_ bytes: Int64) {
            came += bytes
            guard came >= enough else { return }
            came = 0
            fruitless = 0
        }
    }

    /// Why the server does not give what was asked for. One that is overloaded or restarts is asked again.
    func refusal(_ response: HTTPClientResponse, _ path: String) async -> SiteSyncError {
        let bytes = try? await response.body.collect(upTo: 64 << 10)
        let problem = bytes.flatMap { try? JSONDecoder().decode(Problem.self, from: Data($0.readableBytesView)) }
        let said = problem.map { ": \($0.slug.prefix(80))\($0.detail.map { " (\($0.prefix(300)))" } ?? "")" } ?? ""
        switch response.status.code {
        case 429, 500...599: return SiteSyncError(.unreachable, "it answers \(response.status.code) to \(path)\(said)")
        case 300..<400:
            return SiteSyncError(.refused, "\(address) sends elsewhere (\(response.status.code)); name the server itself as upstream")
        default: return SiteSyncError(.refused, "\(address) answers \(response.status.code) to \(path)\(said)")
        }
    }
}

/// Watches how much comes while the site waits. Time in which the site itself held back does not count.
struct LineWatch {
    private let settings: SiteClientSettings
    private var waited: Duration = .zero
    private var bytes: Int64 = 0

    init(_ settings: SiteClientSettings) { self.settings = settings }

    mutating func saw(_ count: Int, after waiting: Duration) throws(SiteSyncError) {
        waited += waiting
        bytes += Int64(count)
        guard waited >= settings.window else { return }
        guard bytes >= settings.leastBytes else {
            throw SiteSyncError(.unreachable, "only \(bytes) bytes came in \(waited.components.seconds) s; the line was closed")
        }
        waited = .zero
        bytes = 0
    }
}
