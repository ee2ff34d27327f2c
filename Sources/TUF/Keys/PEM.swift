import Foundation

/// One PEM document (RFC 7468), read as tools write it: with CRLF, blanks at line ends, text around it, or all base64
/// in one line.
struct PEM {
    let label: String
    /// `Name: value` lines before the base64, as encrypted keys of old tools have them.
    let headers: [String]
    let bytes: [UInt8]

    init(label: String, headers: [String] = [], bytes: [UInt8]) {
        self.label = label
        self.headers = headers
        self.bytes = bytes
    }

    /// Bytes of a file that holds keys.
    static let largest = 64 << 10

    /// Ending in a newline.
    var text: String {
        let base64 = Data(bytes).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN \(label)-----\n\(base64)\n-----END \(label)-----\n"
    }

    /// The first document with one of `labels`; others before it, such as `EC PARAMETERS`, are passed over.
    static func first(in text: String, labels: Set<String>) throws(TUFError) -> PEM {
        guard let document = try all(in: text).first(where: { labels.contains($0.label) }) else {
            throw TUFError(.keyInvalid, "there is no PEM document \(labels.sorted().joined(separator: " or "))")
        }
        return document
    }

    static func all(in text: String) throws(TUFError) -> [PEM] {
        guard text.utf8.count <= largest else { throw TUFError(.keyInvalid, "a key file has at most \(largest) bytes") }
        var documents: [PEM] = []
        var open: (label: String, headers: [String], base64: String)?
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if let label = word(of: line, after: "-----BEGIN ") {
                guard open == nil else { throw TUFError(.keyInvalid, "a PEM document begins inside another one") }
                open = (label, [], "")
            } else if let label = word(of: line, after: "-----END ") {
                guard let document = open, document.label == label, let data = Data(base64Encoded: document.base64), !data.isEmpty else {
                    throw TUFError(.keyInvalid, "the PEM document \(quoted(label)) is damaged; copy it anew")
                }
                documents.append(PEM(label: label, headers: document.headers, bytes: Array(data)))
                open = nil
            } else if line.contains(":") {
                open?.headers.append(line)
            } else {
                open?.base64 += line
            }
        }
        guard open == nil else { throw TUFError(.keyInvalid, "a PEM document has no END line; copy it anew") }
        return documents
    }

    private static func word(of line: String, after prefix: String) -> String? {
        guard line.hasPrefix(prefix), line.hasSuffix("-----"), line.utf8.count >= prefix.utf8.count + 5 else { return nil }
        return String(line.dropFirst(prefix.count).dropLast(5))
    }
}
