/// The keys whose signatures under assertions an operator trusts.
///
/// ```swift
/// let keys = try AssertionKeys(parsing: [file])
/// try keys.check(assertion)
/// ```
public struct AssertionKeys: Sendable {
    private var keys: [SnapDigest: AssertionKey] = [:]

    public var count: Int { keys.count }

    /// - Parameter files: account-key assertions, one or more in each; other assertions among them are passed over.
    /// - Throws: what reading an assertion or a key throws.
    public init(parsing files: [[UInt8]]) throws(SnapsError) {
        for file in files {
            for assertion in try Assertion.stream(file) where assertion.type == "account-key" {
                let key = try AssertionKey(assertion)
                keys[key.id] = key
            }
        }
    }

    /// - Throws: ``SnapsError/Code/signatureInvalid`` unless a key of the account that the assertion is by signed it as it is.
    public func check(_ assertion: Assertion) throws(SnapsError) {
        guard let id = try? SnapDigest(assertion.required("sign-key-sha3-384")), let key = keys[id],
            key.account.text == assertion["authority-id"]
        else {
            throw SnapsError(
                .signatureInvalid,
                "the \(assertion.type.prefix(40)) assertion is signed with a key that this server does not know; ask the operator to add its account-key"
            )
        }
        guard key.signed(assertion) else {
            throw SnapsError(
                .signatureInvalid,
                "the signature of the \(assertion.type.prefix(40)) assertion does not hold; send it as snap known prints it")
        }
    }
}
