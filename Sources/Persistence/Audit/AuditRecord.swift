import Crypto
import Fleet
import Foundation

/// One line of the audit log as JSON. Each holds the digest of the line before it, so none can be changed, taken out or
/// put elsewhere without the next one telling.
struct AuditRecord: Codable, Equatable {
    let number: Int64
    let time: String
    let actor: String
    let action: String
    let subject: String
    let outcome: String
    /// The SHA-256 of the line before, without the end of the line; 64 zeros in the first one.
    let previous: String

    static let nothing = String(repeating: "0", count: 64)

    init(_ entry: AuditEntry, behind link: AuditLink) {
        number = link.number + 1
        time = Self.time(entry.time)
        actor = entry.actor.description
        action = entry.action
        subject = entry.subject
        outcome = entry.outcome
        previous = link.digest
    }

    init?(line: some Collection<UInt8>) {
        guard let record = try? JSONDecoder().decode(AuditRecord.self, from: Data(line)), record.number > 0 else { return nil }
        self = record
    }

    /// Without the end of the line.
    func line() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// RFC 3339 in UTC, in the years 1970 to 9999: files are named after it.
    static func time(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(min(max(seconds, 0), 253_402_300_799))).formatted(.iso8601)
    }
}

/// What the next line is chained to.
struct AuditLink: Codable, Equatable {
    let number: Int64
    /// The SHA-256 of the line.
    let digest: String

    static let beginning = AuditLink(number: 0, digest: AuditRecord.nothing)

    init(number: Int64, digest: String) {
        self.number = number
        self.digest = digest
    }

    init(number: Int64, line: some Collection<UInt8>) {
        self.number = number
        digest = SHA256.hash(data: Array(line)).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0\(digits)" : digits
        }.joined()
    }
}
