import StrictJSON

/// What an image's digest names: the image itself, or a list of images for several platforms.
enum ImageManifest {
    case image(config: BlobReference, layers: [BlobReference])
    case index([BlobReference])

    static let largest = 4 << 20

    /// Reads a manifest. `expected` is the type that the index says which names it, nil at the root.
    init(_ bytes: [UInt8], expected: String?) throws(OCIError) {
        let value = try JSONValue(manifest: bytes)
        // One that could be read as both would be another image for another reader.
        guard value["manifests"] == nil || value["layers"] == nil && value["config"] == nil else {
            throw OCIError(.manifestInvalid, "it is an image and an index at once")
        }
        let stated = value["mediaType"]?.string
        if let stated, let expected, stated != expected {
            throw OCIError(.manifestInvalid, "it says that it is \(stated.quoted), and what names it \(expected.quoted)")
        }
        // OCI lets the type be absent.
        let inferred: MediaType = value["manifests"] == nil ? .ociManifest : .ociIndex
        guard let type = (stated ?? expected).map(MediaType.init(rawValue:)) ?? inferred else {
            throw OCIError(.mediaTypeUnsupported, "the type \((stated ?? expected ?? "").quoted) is not served")
        }
        guard type.isIndex else {
            self = .image(
                config: try BlobReference(value["config"], "its config"),
                layers: try BlobReference.list(value["layers"], "a layer"))
            return
        }
        self = .index(try BlobReference.list(value["manifests"], "a manifest"))
    }
}

extension BlobReference {
    static func list(_ value: JSONValue?, _ what: String) throws(OCIError) -> [BlobReference] {
        guard let elements = value?.array else { throw OCIError(.manifestInvalid, "the list is absent in which \(what) would stand") }
        var references: [BlobReference] = []
        for element in elements { references.append(try BlobReference(element, what)) }
        return references
    }
}

extension JSONValue {
    /// JSON of the one schema that there is.
    init(manifest bytes: [UInt8]) throws(OCIError) {
        do throws(JSONError) {
            try self.init(parsing: bytes)
        } catch {
            throw OCIError(.manifestInvalid, "it is not JSON as a manifest must be: \(error.message)")
        }
        guard self["schemaVersion"]?.integer == 2 else { throw OCIError(.manifestInvalid, "its schemaVersion is not 2") }
    }
}

extension String {
    /// For messages: short, and without control characters.
    var quoted: String { String(prefix(100)).debugDescription }
}
