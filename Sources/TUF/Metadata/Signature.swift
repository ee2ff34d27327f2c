import Foundation
import StrictJSON

/// One entry of `signatures`.
public struct Signature: Equatable, Sendable {
    public let keyID: KeyID
    /// Nil when it could not be decoded: such a signature is not counted.
    public let bytes: [UInt8]?
    /// What the fio profile states beside each signature.
    public let method: SignatureMethod?

    public init(keyID: KeyID, bytes: [UInt8], method: SignatureMethod?) {
        self.keyID = keyID
        self.bytes = bytes
        self.method = method
    }

    init(_ value: JSONElement, profile: Profile) throws(TUFError) {
        guard let id = value["keyid"]?.string else { throw TUFError(.memberMissing, "a signature needs a keyid") }
        guard let text = value["sig"]?.string else { throw TUFError(.memberMissing, "a signature needs sig") }
        keyID = try KeyID(id)
        switch profile {
        case .standard:
            bytes = Hexadecimal.bytes(text)
            method = nil
        case .fio:
            guard let name = value["method"]?.string else { throw TUFError(.memberMissing, "a signature needs a method") }
            // Devices reject the whole file for one signature of an unknown method.
            guard let known = SignatureMethod(rawValue: name), known == .ed25519 || known == .rsaPSS else {
                throw TUFError(.signatureMethodUnknown, "devices know no method \(quoted(name)); use ed25519 or rsassa-pss-sha256")
            }
            method = known
            bytes = Data(base64Encoded: text).map { Array($0) }
        }
    }

    func document(profile: Profile) -> JSONValue {
        let bytes = bytes ?? []
        switch profile {
        case .standard: return .object([("keyid", .string(keyID.text)), ("sig", .string(Hexadecimal.text(bytes)))])
        case .fio:
            return .object([
                ("keyid", .string(keyID.text)), ("method", .string(method?.rawValue ?? "")),
                ("sig", .string(Data(bytes).base64EncodedString())),
            ])
        }
    }
}
