import Foundation
import Synchronization
import TUF

/// A repository as files by their paths, which notes what is asked of it.
final class ServedFiles: MetadataFetcher, TargetFetcher {
    private let state: Mutex<State>

    private struct State {
        var files: [String: [UInt8]]
        var requests: [String] = []
        var failing: Set<String> = []
    }

    init(_ files: [String: [UInt8]] = [:]) { state = Mutex(State(files: files)) }

    /// All plain files beneath a directory, and no further one that serves as notes of a test.
    convenience init(directory: URL) throws { self.init(try Self.read(directory)) }

    static func read(_ directory: URL) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: directory.path) {
            var isDirectory: ObjCBool = false
            let file = directory.appendingPathComponent(path)
            _ = FileManager.default.fileExists(atPath: file.path, isDirectory: &isDirectory)
            if !isDirectory.boolValue { files[path] = Array(try Data(contentsOf: file)) }
        }
        return files
    }

    var files: [String: [UInt8]] {
        get { state.withLock { $0.files } }
        set { state.withLock { $0.files = newValue } }
    }

    /// The paths that were asked for since the last call.
    func takeRequests() -> [String] {
        state.withLock { state in
            defer { state.requests = [] }
            return state.requests
        }
    }

    /// Requests for `path` fail as a broken connection does.
    func fail(_ path: String) { state.withLock { _ = $0.failing.insert(path) } }
    func mend() { state.withLock { $0.failing = [] } }

    private func file(_ path: String) throws(TUFError) -> [UInt8]? {
        let (file, isFailing) = state.withLock { state in
            state.requests.append(path)
            return (state.files[path], state.failing.contains(path))
        }
        guard !isFailing else { throw TUFError(.fetchFailed, "the connection broke") }
        return file
    }

    /// Hands out more than the limit on purpose: the client must not rely on its fetcher.
    func fetch(_ path: String, limit: Int) async throws(TUFError) -> [UInt8]? { try file(path) }

    func fetch(_ path: String, into sink: (ArraySlice<UInt8>) throws(TUFError) -> Void) async throws(TUFError) -> Bool {
        guard let bytes = try file(path) else { return false }
        for start in stride(from: 0, to: bytes.count, by: 5) { try sink(bytes[start..<min(start + 5, bytes.count)]) }
        return true
    }
}
