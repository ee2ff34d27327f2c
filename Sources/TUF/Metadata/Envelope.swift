import Foundation
import StrictJSON

/// A metadata file as it came: what is signed, by which keys, and the bytes themselves. Nothing of it is verified yet.
public struct Envelope: Sendable {
    public let bytes: [UInt8]
    public let profile: Profile
    public let role: TopRole
    public let signatures: [Signature]
    /// The member `signed`.
    public let signed: JSONElement

    public static let mostSignatures = 128

    /// Reads the bytes of a file that is expected to hold `role`; a delegated role's file holds `.targets`.
    public init(parsing bytes: [UInt8], as role: TopRole) throws(TUFError) {
        let document: JSONDocument
        do { document = try JSONDocument(parsing: bytes) } catch { throw TUFError(error) }
        guard let signed = document.root["signed"], signed.isObject else {
            throw TUFError(.memberMissing, "there is no member signed")
        }
        guard let type = signed["_type"]?.string else { throw TUFError(.memberMissing, "there is no member _type") }
        guard let profile = Profile.allCases.first(where: { $0.typeName(of: role).utf8.elementsEqual(type.utf8) }) else {
            throw TUFError(.wrongRole, "_type is \(quoted(type)), not \(role.rawValue)")
        }
        guard let entries = document.root["signatures"]?.elements else {
            throw TUFError(.memberMissing, "there is no member signatures")
        }
        guard entries.count <= Self.mostSignatures else {
            throw TUFError(.memberInvalid, "\(entries.count) signatures are more than \(Self.mostSignatures)")
        }
        var signatures: [Signature] = []
        var seen = Set<KeyID>()
        for entry in entries {
            let signature = try Signature(entry, profile: profile)
            guard seen.insert(signature.keyID).inserted else {
                throw TUFError(.signatureRepeated, "the key \(signature.keyID) signed twice; keep one of its signatures")
            }
            signatures.append(signature)
        }
        self.bytes = bytes
        self.profile = profile
        self.role = role
        self.signatures = signatures
        self.signed = signed
    }

    /// What the signatures are over: the bytes in place when they are canonical, else the canonical form that each
    /// profile's signers make. Every entry is an encoding of the same value, so a signature of any of them is of it.
    func messages() -> [ArraySlice<UInt8>] {
        let inPlace = bytes[signed.range]
        if signed.irregularities.isEmpty { return [inPlace] }
        let value = signed.value
        let minimal = CanonicalJSON.bytes(of: value, .minimal)[...]
        let ordinary = CanonicalJSON.bytes(of: value, .ordinary)[...]
        // A signer may have escaped otherwise; what stands there compact and sorted is canonical for it.
        let own = signed.irregularities == .escapes ? [inPlace] : []
        let written = profile == .fio ? [ordinary, minimal] : [minimal, ordinary]
        return own + (minimal == ordinary ? [minimal] : written)
    }

    /// What `hashes` of this file in other metadata are taken over: the file's bytes, or in the fio profile the
    /// canonical form of what they hold.
    public var hashed: [UInt8] {
        switch profile {
        case .standard: bytes
        case .fio:
            signed.document.root.irregularities.isEmpty
                ? bytes : CanonicalJSON.bytes(of: signed.document.root.value, .ordinary)
        }
    }

    /// Throws unless at least `threshold` of the role's keys signed. Each key counts once, whatever ids it has; an
    /// undecodable or wrong signature is not counted.
    public func verify(by keys: RoleKeys) throws(TUFError) {
        let signers = validSigners(among: keys)
        guard signers.count >= keys.threshold else {
            throw TUFError(
                .thresholdNotMet,
                "\(role.rawValue) needs \(keys.threshold) signatures of its \(keys.keys.count) keys and has \(signers.count) valid ones")
        }
    }

    /// The keys of the role that signed these bytes.
    public func validSigners(among keys: RoleKeys) -> Set<PublicKey> {
        var messages: [ArraySlice<UInt8>]?
        var signers = Set<PublicKey>()
        for signature in signatures {
            guard let key = keys.keys[signature.keyID], !signers.contains(key), let bytes = signature.bytes,
                signature.method == nil || signature.method == key.method
            else { continue }
            let candidates = messages ?? self.messages()
            messages = candidates
            if candidates.contains(where: { key.isValid(bytes, for: $0) }) { signers.insert(key) }
        }
        return signers
    }
}
