/// The identity of a device: the common name of its certificate, and the name of its directory.
///
/// The form is `[A-Za-z0-9][A-Za-z0-9._-]{0,47}`. It begins with a letter or a digit, so `.`, `..` and
/// anything that looks like an option of a command can not be a device.
///
/// ```swift
/// let device = try DeviceID("a3c1f0de-8b4e-4e1c-9f57-2d3a6a0c1b22")
/// ```
public struct DeviceID: Hashable, Sendable {
    /// The identity as it stands in the certificate.
    public let text: String

    /// The longest permitted identity, in bytes.
    public static let maximumLength = 48

    /// Checks `text` and makes it a device's identity.
    ///
    /// - Throws: ``DeviceAuthError`` with code ``DeviceAuthError/Code/deviceIDInvalid``.
    public init(_ text: some StringProtocol) throws(DeviceAuthError) {
        guard Self.isValid(text.utf8) else {
            throw DeviceAuthError(
                .deviceIDInvalid,
                "\(quoted(text)) can not name a device: use 1 to 48 letters, digits, '.', '_' or '-', beginning with a letter or a digit"
            )
        }
        self.text = String(text)
    }

    private static func isValid(_ bytes: some Collection<UInt8>) -> Bool {
        guard let first = bytes.first, first.isASCIILetterOrDigit, bytes.count <= maximumLength else { return false }
        return bytes.allSatisfy { byte in
            byte.isASCIILetterOrDigit || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: "-")
        }
    }
}

extension DeviceID: CustomStringConvertible {
    public var description: String { text }
}

extension DeviceID: Comparable {
    public static func < (left: DeviceID, right: DeviceID) -> Bool { left.text < right.text }
}

extension DeviceID: Codable {
    /// Decodes a plain string and checks it as ``init(_:)`` does.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(container.decode(String.self))
        } catch let error as DeviceAuthError {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.message, underlyingError: error)
            )
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
