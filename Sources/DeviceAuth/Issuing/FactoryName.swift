/// The name of a factory: the organizational unit of its certificates. `[A-Za-z0-9][A-Za-z0-9._-]{0,47}`.
public struct FactoryName: Hashable, Sendable {
    public let text: String

    /// - Throws: ``DeviceAuthError`` with code ``DeviceAuthError/Code/factoryInvalid``.
    public init(_ text: String) throws(DeviceAuthError) {
        // The form is a device's, and short enough for "<factory> root CA" to stay below the 64 characters of a name.
        guard (try? DeviceID(text)) != nil else {
            throw DeviceAuthError(
                .factoryInvalid,
                "\(quoted(text)) can not name a factory: use 1 to 48 letters, digits, '.', '_' or '-', beginning with a letter or a digit"
            )
        }
        self.text = text
    }
}

extension FactoryName: CustomStringConvertible {
    public var description: String { text }
}
