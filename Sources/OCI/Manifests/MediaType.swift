/// The media types of what is read here. Configs and layers may be of any type: they are only compared.
enum MediaType: String, CaseIterable {
    case ociManifest = "application/vnd.oci.image.manifest.v1+json"
    case ociIndex = "application/vnd.oci.image.index.v1+json"
    case dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
    case dockerList = "application/vnd.docker.distribution.manifest.list.v2+json"

    var isIndex: Bool { self == .ociIndex || self == .dockerList }
}
