import UpdateTree

/// A bundle whose signature and files were checked.
public struct VerifiedBundle: Sendable {
    struct Update: Sendable {
        let key: UpdateKey
        let inventory: Inventory
    }

    let bundle: Bundle
    /// The server that signed it.
    public let signer: String
    let updates: [Update]

    public var manifest: BundleManifest { bundle.manifest }
}
