import FoundationEssentials

/// What a brand says one device is: its serial number and the key that the device has. Source: snapd, `asserts`, type `serial`.
///
/// The key's id is checked against the key, as snapd does. The signature is for ``DeviceAssertions/check(with:)``.
public struct SerialAssertion: Equatable, Sendable {
    public let brand: BrandID
    public let model: ModelName
    public let serial: SerialNumber
    /// As it stands there: base64 in lines.
    public let deviceKey: String
    public let deviceKeyID: SnapDigest

    public static let longestKey = 8 << 10

    /// - Throws: ``SnapsError/Code/assertionInvalid``, ``SnapsError/Code/brandInvalid``, ``SnapsError/Code/modelNameInvalid``,
    ///   ``SnapsError/Code/serialInvalid``.
    public init(_ assertion: Assertion) throws(SnapsError) {
        guard assertion.type == "serial" else {
            throw .invalid("a serial assertion is needed, this is one of type \(assertion.type.prefix(40))")
        }
        brand = try BrandID(assertion.required("brand-id"))
        model = try ModelName(assertion.required("model"))
        serial = try SerialNumber(assertion.required("serial"))
        guard try assertion.required("authority-id") == brand.text else {
            throw .invalid("the serial assertion is not by the brand \(brand) itself")
        }
        deviceKey = try assertion.required("device-key")
        let id = try SnapDigest(assertion.required("device-key-sha3-384"))
        guard deviceKey.utf8.count <= Self.longestKey, let key = Data(base64Encoded: deviceKey.replacing("\n", with: "")), key.first == 1
        else { throw .invalid("the device-key of the serial assertion is no key") }
        guard SnapDigest(of: key) == id else {
            throw .invalid("the device-key of the serial assertion is not the one that device-key-sha3-384 names")
        }
        deviceKeyID = id
    }
}
