import Crypto
import DeviceAuth
import Foundation
import NIOCore
import UpdateTree

/// The list of updates and their inventories. Both are read from files, so the pool does it.
extension SiteResponder {
    private struct Listing: Encodable {
        struct Entry: Encodable {
            let channel: String
            let tag: String
            let name: String
            let inventory: String
            let bytes: Int64
            let files: Int
        }

        let updates: [Entry]
    }

    func updates(of site: SiteIdentity, _ request: RequestHead) -> Action {
        let inventories = loop.services.inventories
        return whenRead({ try Self.listing(inventories, for: site) }) { body in
            let etag = "\"\(SHA256.hash(data: body).hex)\""
            let content = Representation(etag: etag, size: Int64(body.count), fields: [("content-type", "application/json")])
            // A list is asked for whole.
            var request = request
            request.range = nil
            return respond(content, request) { _ in .bytes(ByteBuffer(bytes: body)) }
        }
    }

    private static func listing(_ inventories: (any UpdateInventories)?, for site: SiteIdentity) throws -> Data {
        let updates = try (inventories?.listed() ?? []).filter { site.mayRead($0.key) }
            .map { (path: $0.key.path, update: $0) }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(
            Listing(
                updates: updates.map { item in
                    let key = item.update.key
                    return .init(
                        channel: key.channel.rawValue, tag: key.tag.text, name: key.name.text,
                        inventory: item.update.inventory.description, bytes: item.update.bytes, files: item.update.files)
                }))
    }

    func inventory(of update: UpdateKey, _ request: RequestHead) -> Action {
        let inventories = loop.services.inventories
        return whenRead({ try inventories?.inventoryText(of: update).map(HeldText.init) }) { text in
            guard let text = text.map(loop.heldTexts.shared) else { return Problem.updateUnknown.response }
            let content = Representation(
                etag: "\"\(text.digest)\"", size: Int64(text.bytes.readableBytes),
                fields: [("content-type", "text/plain; charset=utf-8")])
            return respond(content, request) { range in
                guard range.count <= FilePump.piece, let slice = text.bytes.getSlice(at: Int(range.lowerBound), length: range.count)
                else { return .held(text, range) }
                return .bytes(slice)
            }
        }
    }

    /// Reads on the pool, answers on the loop.
    private func whenRead<Found: Sendable>(
        _ read: @escaping @Sendable () throws -> Found, _ answer: @escaping @Sendable (Found) -> Response
    ) -> Action {
        .later(
            loop.pool.runIfActive(eventLoop: loop.loop, read).map { Action.respond(answer($0)) }.flatMapErrorThrowing { error in
                loop.logger.error("inventories_unreadable", metadata: ["reason": "\(error)"])
                return refuse(.storageFailed)
            })
    }
}
