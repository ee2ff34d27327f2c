import FileTree
import Foundation

/// Where the next line of the audit log goes, and what it is chained to. To be made while the log is locked.
struct AuditPlace {
    let lastName: String?
    let link: AuditLink

    /// Takes away the beginning of a line that a crash left: it was acknowledged to nobody.
    init(_ folder: Directory) throws {
        let names = try AuditFiles.names(in: folder)
        if let name = names.last {
            let unfinished = try AuditFile(name, in: folder).tail().unfinished
            if unfinished > 0 {
                let file = try folder.openForWriting(name)
                try file.truncate(to: file.status().size - unfinished)
                try file.sync()
            }
        }
        lastName = names.last
        let tail = try Self.last(in: folder) ?? .beginning
        // Where the log ends before the head, or otherwise, somebody changed it: going on from the head leaves a gap that
        // shows for ever. Where it goes on behind the head, a crash came between the two.
        let head = Self.head(in: folder)
        link = head.map { $0.number >= tail.number ? $0 : tail } ?? tail
    }

    /// The last whole line; nil in an empty log.
    static func last(in folder: Directory) throws -> AuditLink? {
        for name in try AuditFiles.names(in: folder).reversed() {
            guard let line = try AuditFile(name, in: folder).tail().line else { continue }
            guard let record = AuditRecord(line: line) else { return head(in: folder) }
            return AuditLink(number: record.number, line: line)
        }
        return nil
    }

    static func head(in folder: Directory) -> AuditLink? {
        guard let bytes = try? folder.contents(of: AuditFiles.headName, limit: 4096) else { return nil }
        return try? JSONDecoder().decode(AuditLink.self, from: Data(bytes))
    }

    static func encode(_ link: AuditLink) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(link) + Data("\n".utf8)
    }
}
