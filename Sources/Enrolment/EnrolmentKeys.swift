import Foundation
import Snaps
import Synchronization

/// The brands' keys of `enrolment-keys`, as the folder has them now; replaced by ``reload()``.
public final class EnrolmentKeys: Sendable {
    /// Files, and bytes of each.
    static let mostFiles = 100
    static let longestFile = 64 << 10

    private let folder: String
    private let keys: Mutex<AssertionKeys>

    /// - Throws: ``EnrolmentError/Code/keysUnusable``.
    public init(folder: String) throws(EnrolmentError) {
        self.folder = folder
        keys = Mutex(try Self.load(folder))
    }

    /// Reads the folder again. When something in it is unusable it throws, and what was read before stays.
    public func reload() throws(EnrolmentError) {
        let fresh = try Self.load(folder)
        keys.withLock { $0 = fresh }
    }

    var current: AssertionKeys { keys.withLock { $0 } }

    private static func load(_ folder: String) throws(EnrolmentError) -> AssertionKeys {
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
            guard names.count <= mostFiles else { throw unusable(folder, "it holds more than \(mostFiles) files") }
            let keys = try AssertionKeys(parsing: names.map { try content("\(folder)/\($0)") })
            guard keys.count > 0 else { throw unusable(folder, "it holds no account-key assertion") }
            return keys
        } catch let error as EnrolmentError {
            throw error
        } catch {
            throw unusable(folder, "\(error)")
        }
    }

    private static func content(_ path: String) throws(EnrolmentError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path), data.count <= longestFile else {
            throw unusable(path, "it is no file of at most \(longestFile) bytes that can be read")
        }
        return Array(data)
    }

    private static func unusable(_ path: String, _ why: String) -> EnrolmentError {
        EnrolmentError(
            .keysUnusable, "\(path) cannot be used: \(why); enrolment-keys names a folder with the account-key assertions of your brands")
    }
}
