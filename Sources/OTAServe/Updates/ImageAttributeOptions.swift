import ArgumentParser
import Foundation
import UpdateTree

/// What to say about an image that comes without metadata.
struct ImageAttributeOptions: ParsableArguments {
    @Option(help: "The image's name without its version; the branch unless given.") var imageName: String?
    @Option(help: "The branch of the image, when the repository has several.") var ref: String?
    @Option(name: .customLong("image-version"), help: "The image's version; from its os-release unless given.") var version: String?
    @Option(help: "The hardware id; from its os-release or branch unless given.") var hardwareID: String?
    @Option(help: "APP=URI, the uri with its digest; may be repeated. The content's apps unless given.") var app: [String] = []

    func attributes() throws -> ImageAttributes {
        var attributes = ImageAttributes()
        attributes.name = imageName
        attributes.ref = ref
        attributes.version = version
        attributes.hardwareID = hardwareID
        if !app.isEmpty {
            var apps: [String: String] = [:]
            for text in app {
                guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                    throw ValidationError("Write --app NAME=REGISTRY/FACTORY/NAME@sha256:….")
                }
                apps[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            attributes.apps = apps
        }
        return attributes
    }

    func generation(library: UpdateLibrary, root: OTAServe) throws -> MetadataGeneration {
        let secret = try KeySecrets.load(datadir: root.datadir, environment: ProcessInfo.processInfo.environment)
        return MetadataGeneration(attributes: try attributes()) { channel in library.repository(of: channel, secret: secret) }
    }
}
