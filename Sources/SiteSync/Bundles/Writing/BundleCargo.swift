import DeviceAuth
import UpdateTree

/// What goes into a bundle: decided before anything is written.
struct BundleCargo {
    struct Item {
        let key: UpdateKey
        let inventory: Inventory
        let text: [UInt8]
    }

    private(set) var items: [Item] = []
    /// Content that is carried, in order of its place, with an update that holds it.
    private(set) var contents: [(content: SharedContent, size: Int64, holder: UpdateKey)] = []
    /// Content that the receiver has, in order of its place.
    private(set) var leftOut: [SharedContent] = []
    private(set) var leftOutBytes: Int64 = 0

    init(_ order: BundleOrder, library: UpdateLibrary) throws {
        var seen = Set<UpdateKey>()
        for key in order.updates where seen.insert(key).inserted {
            guard let text = try library.verdicts.inventoryText(of: key) else {
                throw UpdateTreeError(
                    .updateUnknown, "\(key) is not here, or not checked as it is now; run otaserve updates verify \(key) first")
            }
            // The receiver has the same update.
            if order.have?.updates[key] == Digest(of: text) { continue }
            items.append(Item(key: key, inventory: try Inventory(parsing: String(decoding: text, as: UTF8.self)), text: text))
        }
        guard !items.isEmpty else {
            throw BundleError(
                .nothingToExport,
                order.updates.isEmpty ? "no update was named that is here" : "the receiver has all of these updates already")
        }
        var known = Set<SharedContent>()
        for item in items {
            for file in item.inventory.files {
                guard case .shared(let content) = file.content, known.insert(content).inserted else { continue }
                if order.have?.contents.contains(content) == true {
                    leftOut.append(content)
                    leftOutBytes += file.size
                } else {
                    contents.append((content, file.size, item.key))
                }
            }
        }
        contents.sort { $0.content.pathInStore < $1.content.pathInStore }
        leftOut.sort { $0.pathInStore < $1.pathInStore }
    }

    var content: BundleManifest.Amount {
        BundleManifest.Amount(files: contents.count, bytes: contents.reduce(0) { $0 + $1.size })
    }

    func manifest(_ order: BundleOrder, madeAt now: Int64, by signer: DocumentSigner, checksums: Digest) -> BundleManifest {
        BundleManifest(
            madeAt: now, madeBy: signer.name, site: order.site,
            updates: items.map { item in
                BundleManifest.Update(
                    channel: item.key.channel, tag: item.key.tag, name: item.key.name, inventory: Digest(of: item.text).description,
                    files: item.inventory.files.count, bytes: item.inventory.bytes)
            },
            content: content, leftOut: BundleManifest.Amount(files: leftOut.count, bytes: leftOutBytes), checksums: checksums,
            acknowledgedReport: order.acknowledgedReport)
    }
}
