import StrictJSON

/// What an app's digest names: an OCI manifest whose first layer is the bundle with the compose file.
struct AppManifest {
    /// Devices read no longer one.
    static let largest = 50 << 10

    let config: BlobReference
    let layers: [BlobReference]
    let bundle: BlobReference
    /// Lists of the layers of all images, one for each architecture. A device uses them to tell how much it will
    /// fetch, and does without.
    let layerLists: [BlobReference]

    init(_ bytes: [UInt8]) throws(OCIError) {
        let value = try JSONValue(manifest: bytes)
        let type = value["mediaType"]?.string ?? MediaType.ociManifest.rawValue
        guard let known = MediaType(rawValue: type), !known.isIndex else {
            throw OCIError(.mediaTypeUnsupported, "an app is no \(type.quoted)")
        }
        config = try BlobReference(value["config"], "its config")
        layers = try BlobReference.list(value["layers"], "a layer")
        guard let first = layers.first else { throw OCIError(.manifestInvalid, "it has no layer, so no bundle") }
        bundle = first
        layerLists = try value["manifests"].map { value throws(OCIError) in try BlobReference.list(value, "a list of layers") } ?? []
    }
}
