import X509

/// The serial number of a certificate: a positive number, compared by its minimal big-endian bytes.
public struct CertificateSerial: Hashable, Sendable {
    /// Big-endian, without leading zero bytes.
    let bytes: [UInt8]

    /// The number in lower-case hexadecimal, two digits for each byte.
    public var hex: String { Hexadecimal.text(bytes) }

    /// Reads a number as tools print it: hexadecimal digits of either case, `:` between bytes and a leading `0x` permitted.
    ///
    /// - Throws: ``DeviceAuthError`` with code ``DeviceAuthError/Code/serialInvalid``.
    public init(hex text: String) throws(DeviceAuthError) {
        var digits = text.filter { $0 != ":" }
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") { digits.removeFirst(2) }
        if !digits.utf8.count.isMultiple(of: 2) { digits = "0" + digits }
        guard let bytes = Hexadecimal.bytes(digits)?.drop(while: { $0 == 0 }),
            (1...Self.maximumLength).contains(bytes.count)
        else {
            throw DeviceAuthError(
                .serialInvalid,
                "\(quoted(text)) is not a serial number: give up to 20 bytes in hexadecimal as 'openssl x509 -serial' prints them"
            )
        }
        self.bytes = Array(bytes)
    }

    init(_ serial: Certificate.SerialNumber) { self.init(minimal: serial.bytes) }

    init(minimal bytes: some Collection<UInt8>) { self.bytes = Array(bytes.drop(while: { $0 == 0 })) }

    /// RFC 5280 §4.1.2.2: not longer than 20 octets.
    static let maximumLength = 20
}

extension CertificateSerial: CustomStringConvertible {
    public var description: String { hex }
}
