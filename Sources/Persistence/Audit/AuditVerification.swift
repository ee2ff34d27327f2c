import FileTree

/// What a walk along the whole chain found.
public struct AuditVerification: Equatable, Sendable {
    /// The first place where the log is not what was written.
    public struct Defect: Equatable, Sendable {
        /// Such as `2026-03.jsonl`.
        public let file: String
        /// Counts from 1 in the file.
        public let line: Int
        public let message: String
    }

    /// Lines before the defect, or all.
    public internal(set) var lines: Int64 = 0
    public internal(set) var defect: Defect?
    /// A crash left the beginning of a line at the end; the next one that is written takes its place.
    public internal(set) var hasUnfinishedLine = false
}

extension AuditFiles {
    /// Walks along the chain from the first line to the last.
    public func verify() throws -> AuditVerification {
        try Self.whileLocked(folder) {
            var result = AuditVerification()
            var link = AuditLink.beginning
            let head = AuditPlace.head(in: folder)
            var isHeadFound = head == nil
            let names = try Self.names(in: folder)
            for name in names {
                var number = 0
                let unfinished = try AuditFile(name, in: folder).forEachLine { line in
                    number += 1
                    if let message = Self.defect(of: line, behind: link) {
                        result.defect = .init(file: name, line: number, message: message)
                        return false
                    }
                    link = AuditLink(number: link.number + 1, line: line)
                    result.lines += 1
                    if link == head { isHeadFound = true }
                    return true
                }
                guard result.defect == nil else { return result }
                if unfinished > 0 {
                    guard name == names.last else {
                        result.defect = .init(file: name, line: number + 1, message: "the line has no end, and the log goes on behind it")
                        return result
                    }
                    result.hasUnfinishedLine = true
                }
                if name == names.last, !isHeadFound, let head {
                    result.defect = .init(file: name, line: number + 1, message: Self.missing(head, at: link))
                }
            }
            if names.isEmpty, let head { result.defect = .init(file: "audit", line: 1, message: Self.missing(head, at: link)) }
            return result
        }
    }

    private static func missing(_ head: AuditLink, at link: AuditLink) -> String {
        head.number > link.number
            ? "the log ends with line \(link.number), and line \(head.number) was written"
            : "line \(head.number) is not the one that was written"
    }

    private static func defect(of line: ArraySlice<UInt8>, behind link: AuditLink) -> String? {
        guard let record = AuditRecord(line: line), let own = try? record.line(), own.elementsEqual(line) else {
            return "this is no line of the log"
        }
        guard record.number == link.number + 1 else { return "it is number \(record.number) and stands behind number \(link.number)" }
        guard record.previous == link.digest else {
            return link.number == 0 ? "the first line is chained to another one" : "the line before it was changed, or this one"
        }
        return nil
    }
}
