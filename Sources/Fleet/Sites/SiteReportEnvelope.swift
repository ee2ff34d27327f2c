import FoundationEssentials

/// A report with its signature: `{"certificate": PEM, "report": base64, "signature": base64}`.
///
/// The report travels as base64, so what was signed is a run of bytes and not a matter of how JSON is written.
public struct SiteReportEnvelope: Sendable {
    /// Bytes of an envelope.
    public static let largest = 64 << 20

    public let report: [UInt8]
    public let signature: [UInt8]
    public let certificate: [UInt8]

    public init(report: [UInt8], signature: [UInt8], certificate: [UInt8]) {
        self.report = report
        self.signature = signature
        self.certificate = certificate
    }

    private struct Document: Codable {
        let certificate: String
        let report: Data
        let signature: Data
    }

    public init(parsing bytes: [UInt8]) throws(SiteReportError) {
        guard bytes.count <= Self.largest else {
            throw SiteReportError(.tooLarge, "it has \(bytes.count) bytes, more than \(Self.largest); report more often")
        }
        do {
            let document = try JSONDecoder().decode(Document.self, from: Data(bytes))
            self.init(
                report: Array(document.report), signature: Array(document.signature), certificate: Array(document.certificate.utf8))
        } catch {
            throw SiteReportError(.malformed, "it is no signed report: \(SiteReportError.reason(error)); make it with otaserve site report")
        }
    }

    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let document = Document(
            certificate: String(decoding: certificate, as: UTF8.self), report: Data(report), signature: Data(signature))
        return Array(try encoder.encode(document))
    }
}
