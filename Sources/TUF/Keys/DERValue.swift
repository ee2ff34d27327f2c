import SwiftASN1

/// One value of a DER document, looked into without knowing beforehand what it must hold.
struct DERValue {
    static let damaged = TUFError(.keyInvalid, "the key's content is damaged; copy it anew")

    private let node: ASN1Node

    init(_ bytes: [UInt8]) throws(TUFError) {
        guard let node = try? DER.parse(bytes) else { throw Self.damaged }
        self.node = node
    }

    private init(node: ASN1Node) { self.node = node }

    /// What a sequence holds.
    var members: [DERValue] {
        get throws(TUFError) {
            guard node.identifier == .sequence, case .constructed(let nodes) = node.content else { throw Self.damaged }
            return nodes.map { DERValue(node: $0) }
        }
    }

    /// The first value inside, whatever holds it.
    var first: DERValue? {
        guard case .constructed(let nodes) = node.content else { return nil }
        return nodes.first { _ in true }.map { DERValue(node: $0) }
    }

    var isSequence: Bool { node.identifier == .sequence }
    var integer: Int? { try? Int(derEncoded: node) }
    var octets: [UInt8]? { (try? ASN1OctetString(derEncoded: node)).map { Array($0.bytes) } }
    var identifier: ASN1ObjectIdentifier? { try? ASN1ObjectIdentifier(derEncoded: node) }
    /// The bytes of a value that holds no others.
    var primitive: ArraySlice<UInt8>? {
        guard case .primitive(let bytes) = node.content else { return nil }
        return bytes
    }

    func isContext(_ number: UInt) -> Bool {
        node.identifier.tagClass == .contextSpecific && node.identifier.tagNumber == number
    }
}
