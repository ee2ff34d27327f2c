import Foundation

/// JSON documents, one per line, out of pieces that are cut anywhere.
struct DocumentLines {
    private(set) var documents: [JSON] = []
    private var line = Data()

    mutating func consume(_ piece: Data) throws(ControlError) {
        var rest = piece[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            line.append(rest[..<end])
            guard let document = try? JSONDecoder().decode(JSON.self, from: line) else {
                throw ControlError(.unavailable, "answer-invalid", "the answer is no JSON; is the address an OTAServe server?")
            }
            documents.append(document)
            line.removeAll(keepingCapacity: true)
            rest = rest[(end + 1)...]
        }
        line.append(rest)
    }
}
