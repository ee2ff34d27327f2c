import ArgumentParser
import DeviceAuth
import Foundation

/// `otaserve pki show`: what is there, and what should be mended.
struct PKIShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show certificates and revocation lists, and what should be mended."
    )

    @ParentCommand var pki: PKICommand

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let summary = try pki.certificates.summary(now: .now)
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(summary), as: UTF8.self))
        } else {
            for line in Self.lines(summary) { print(line) }
        }
    }

    private static func lines(_ summary: CertificateSummary) -> [String] {
        var lines: [String] = []
        for item in summary.certificates {
            lines += [
                "\(item.file): \(item.subject)\(item.isAuthority ? " (authority)" : "")",
                "  issuer       \(item.issuer)",
                "  serial       \(item.serial)",
                "  valid        \(item.notBefore) to \(item.notAfter) (\(item.daysLeft) days left)",
                "  SHA-256      \(item.fingerprint)",
                "  key SHA-256  \(item.keyFingerprint)",
            ]
        }
        for item in summary.revocationLists {
            lines += [
                "\(item.file): \(item.revokedCount) revoked",
                "  issuer       \(item.issuer)",
                "  number       \(item.number ?? "-")",
                "  valid        \(item.thisUpdate) to \(item.nextUpdate) (\(item.daysLeft) days left)",
            ]
        }
        lines += summary.problems.isEmpty ? ["No problems."] : summary.problems.map { "Problem: \($0)" }
        return lines
    }
}
