/// The name of a site, another installation that reads updates here: the common name of its certificate.
///
/// The form is a device's, `[A-Za-z0-9][A-Za-z0-9._-]{0,47}`; the kind of the certificate tells the two apart.
public struct SiteName: Hashable, Sendable {
    public let text: String

    /// - Throws: ``DeviceAuthError`` with code ``DeviceAuthError/Code/siteNameInvalid``.
    public init(_ text: some StringProtocol) throws(DeviceAuthError) {
        guard (try? DeviceID(text)) != nil else {
            throw DeviceAuthError(
                .siteNameInvalid,
                "\(quoted(text)) can not name a site: use 1 to 48 letters, digits, '.', '_' or '-', beginning with a letter or a digit"
            )
        }
        self.text = String(text)
    }
}

extension SiteName: CustomStringConvertible {
    public var description: String { text }
}
