import DeviceAuth
import Fleet
import Foundation
import NIOCore

/// Configuration files, as fioconfig asks for them and changes its own.
extension Responder {
    /// A file as fioconfig reads it: Go's names of the members.
    private struct File: Encodable {
        let file: ConfigurationFile

        enum CodingKeys: String, CodingKey {
            case value = "Value"
            case onChanged = "OnChanged"
            case isUnencrypted = "Unencrypted"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(file.value, forKey: .value)
            try container.encode(file.onChanged, forKey: .onChanged)
            try container.encode(file.isUnencrypted, forKey: .isUnencrypted)
        }
    }

    /// All files that the device gets, or that it has them; see `Fleet.AnsweredConfiguration` for how it is known.
    func configuration(_ request: RequestHead) -> Action {
        guard let entry = session.entry else { return refuse(.notFound) }
        guard entry.configuration.isLoaded else { return whenLoaded(entry) { configuration(request) } }
        let since = request.ifModifiedSince.flatMap(HTTPDate.seconds)
        let changed = loop.configuration.changed(for: session.state?.group)
        if let since, entry.configuration.isCurrent(since: since, changed: changed) { return .respond(.notModified) }
        return configuration(of: entry, isHeld: request.method == .get)
    }

    /// What goes into the answer is read in this order: what was answered before, the clock, the revision, the content.
    /// A change that comes between is one that this answer is remembered without.
    private func configuration(of entry: DeviceEntry, isHeld: Bool) -> Action {
        let before = entry.configuration.lastAnswer
        let second = loop.now
        let snapshot = loop.configuration
        // Before the first file of this server: what the device has is from elsewhere, and 204 lets it stay.
        guard snapshot.isInUse || entry.configuration.version != nil else { return .respond(.noContent) }
        return document(
            { snapshot.effective(for: entry.state, own: entry.configuration.version).files.mapValues(\.file) },
            { response in
                var response = response
                response.second = second
                if isHeld, second > loop.services.configurations.began {
                    entry.configuration.remember(before, at: second, revision: snapshot.revision)
                }
                return response
            })
    }

    /// The device's own files: what it encrypts again when its key changes.
    func ownConfiguration() -> Action {
        guard let entry = session.entry else { return refuse(.notFound) }
        guard entry.configuration.isLoaded else { return whenLoaded(entry) { ownConfiguration() } }
        guard let files = entry.configuration.version?.files, !files.isEmpty else { return .respond(.noContent) }
        return document({ files.files }, { $0 })
    }

    /// Merging and encoding files that may be large is the pool's work: the loop goes on. Only answers that bring files
    /// come here: of one device, one for each change.
    private func document(
        _ files: @escaping @Sendable () -> [ConfigurationFileName: ConfigurationFile], _ finish: @escaping @Sendable (Response) -> Response
    ) -> Action {
        let made = loop.pool.runIfActive(eventLoop: loop.loop) { HeldText(Array(try Self.encoded(files()))) }
        return .later(
            made.map { text -> Action in
                let type = "application/json"
                guard text.bytes.readableBytes > FilePump.piece else { return .respond(finish(.bytes(200, type: type, text.bytes))) }
                let count = text.bytes.readableBytes
                let head = PreparedHead(status: 200, fields: [("content-type", type), ("content-length", String(count))])
                return .respond(finish(Response(head: head, body: .held(loop.heldTexts.shared(text), 0..<Int64(count)))))
            }.flatMapErrorThrowing { error in
                loop.logger.error("configuration_not_made", metadata: ["reason": "\(error)"])
                return refuse(.storageFailed)
            })
    }

    private static func encoded(_ files: [ConfigurationFileName: ConfigurationFile]) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(Dictionary(files.map { ($0.key.text, File(file: $0.value)) }, uniquingKeysWith: { first, _ in first }))
    }

    /// The device's own files are read once per start of the server, when it asks first.
    private func whenLoaded(_ entry: DeviceEntry, _ answer: @escaping @Sendable () -> Action) -> Action {
        let configurations = loop.services.configurations
        let loaded = loop.loop.makePromise(of: Void.self)
        loaded.completeWithTask { try await configurations.load(entry) }
        let action = loaded.futureResult.map { answer() }.flatMapErrorThrowing { error in
            loop.logger.error("configuration_unreadable", metadata: ["device": "\(entry.id)", "reason": "\(error)"])
            return refuse(.storageFailed)
        }
        return .later(action)
    }

    // MARK: Changing

    /// What a device sends of its own files; the others stay.
    func changeConfiguration(of device: DeviceID) -> Action {
        let configurations = loop.services.configurations
        let logger = loop.logger
        return .collect(limit: DeviceConfigurationRequest.largest) { body in
            self.stored(.empty(201)) {
                let request = try DeviceConfigurationRequest(Data(body.readableBytesView))
                try await configurations.change(.device(device), .merge(request.files), by: "device", because: request.reason)
                // Names alone: the values may be secrets.
                let names = request.files.keys.sorted().map(\.text).joined(separator: " ").prefix(512)
                logger.info("configuration_changed", metadata: ["device": "\(device)", "files": "\(names)"])
            }
        }
    }
}
