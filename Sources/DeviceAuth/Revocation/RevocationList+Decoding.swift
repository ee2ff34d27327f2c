import SwiftASN1
import X509

extension RevocationList {
    /// The lists in the content of a file: any number as PEM, or a single one as DER.
    static func read(_ content: [UInt8], name: String) throws(DeviceAuthError) -> [RevocationList] {
        guard content.count <= maximumSize else {
            throw DeviceAuthError(
                .revocationListTooLarge,
                "\(name) is larger than \(maximumSize >> 20) MiB: let the authority drop entries of expired certificates"
            )
        }
        guard PEMText.contains(content) else { return [try RevocationList(der: content, name: name)] }
        let blocks: [PEMText.Block]
        do throws(PEMText.Malformed) {
            blocks = try PEMText.blocks(content).filter { $0.label == "X509 CRL" }
        } catch {
            throw invalid(name, error.reason)
        }
        guard !blocks.isEmpty else { throw invalid(name, "there is no 'BEGIN X509 CRL'") }
        var lists: [RevocationList] = []
        for block in blocks { lists.append(try RevocationList(der: block.bytes, name: name)) }
        return lists
    }

    init(der: [UInt8], name: String) throws(DeviceAuthError) {
        do {
            let root = try DER.parse(der)
            self = try DER.sequence(root, identifier: .sequence) { nodes in
                guard let body = nodes.next(), let algorithm = nodes.next() else { throw Defect("it is cut off") }
                let signature = try ASN1BitString(derEncoded: &nodes)
                guard let scheme = SignatureScheme(algorithmIdentifier: algorithm.encodedBytes) else {
                    throw Defect("it is signed with an algorithm that is not accepted")
                }
                return try RevocationList(
                    body: body, name: name, scheme: scheme, algorithm: algorithm.encodedBytes,
                    signature: signature.bytes)
            }
        } catch let defect as Defect {
            throw Self.invalid(name, defect.reason)
        } catch {
            throw Self.invalid(name, decodingReason(error))
        }
    }

    private init(
        body: ASN1Node, name: String, scheme: SignatureScheme, algorithm: ArraySlice<UInt8>,
        signature: ArraySlice<UInt8>
    ) throws {
        self = try DER.sequence(body, identifier: .sequence) { nodes in
            guard try Int(derEncoded: &nodes) == 1 else { throw Defect("it is not version 2") }
            // RFC 5280 §5.1.1.2: the unsigned copy of the algorithm must be the signed one.
            guard nodes.next()?.encodedBytes == algorithm else { throw Defect("its two signature algorithms differ") }
            guard let issuer = nodes.next(), let thisUpdate = nodes.next(), let nextUpdate = nodes.next() else {
                throw Defect("it is cut off")
            }
            guard [.utcTime, .generalizedTime].contains(nextUpdate.identifier) else {
                throw Defect("it has no nextUpdate")
            }
            var entries: [Entry] = []
            var extensions = CRLExtensions()
            while let node = nodes.next() {
                switch node.identifier {
                case .sequence where entries.isEmpty && extensions.isEmpty:
                    entries = try Entry.decode(node)
                case ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific) where extensions.isEmpty:
                    extensions = try CRLExtensions(explicitlyTagged: node)
                default:
                    throw Defect("it has an unexpected element")
                }
            }
            return RevocationList(
                name: name, issuer: try issuer.distinguishedName(),
                thisUpdate: try UTCMoment(derEncoded: thisUpdate), nextUpdate: try UTCMoment(derEncoded: nextUpdate),
                number: extensions.number, authorityKeyIdentifier: extensions.authorityKeyIdentifier, entries: entries,
                scheme: scheme, signedBytes: body.encodedBytes, signature: signature)
        }
    }

    struct Defect: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    static func invalid(_ name: String, _ reason: String) -> DeviceAuthError {
        DeviceAuthError(
            .revocationListInvalid,
            "\(name) is not a revocation list that can be used (\(reason)): get a new one from its issuer, or remove the file"
        )
    }
}

extension RevocationList.Entry {
    fileprivate static func decode(_ node: ASN1Node) throws -> [RevocationList.Entry] {
        guard case .constructed(let nodes) = node.content else {
            throw RevocationList.Defect("its entries are malformed")
        }
        return try nodes.map { node in
            try DER.sequence(node, identifier: .sequence) { parts in
                let serial = CertificateSerial(minimal: try ArraySlice<UInt8>(derEncoded: &parts))
                guard let date = parts.next() else { throw RevocationList.Defect("an entry is cut off") }
                _ = try UTCMoment(derEncoded: date)
                if let extensions = parts.next() { try CRLExtensions.checkEntry(extensions) }
                return RevocationList.Entry(serial: serial, encoded: node.encodedBytes)
            }
        }
    }
}

extension ASN1Node {
    /// The node as a name. Decoding by `DistinguishedName(derEncoded:)` would pick an overload that is deprecated.
    fileprivate func distinguishedName() throws -> DistinguishedName {
        DistinguishedName(try DER.sequence(of: RelativeDistinguishedName.self, identifier: .sequence, rootNode: self))
    }
}
