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
        if let since, entry.configuration.isCurrent(since: since, changed: changed) { return .respond(.empty(304)) }
        return .respond(configuration(of: entry, isAsked: request.method == .get))
    }

    /// What goes into the answer is read in this order: what was answered before, the clock, the revision, the content.
    /// A change that comes between is one that this answer is remembered without.
    private func configuration(of entry: DeviceEntry, isAsked: Bool) -> Response {
        let before = entry.configuration.lastAnswer
        let second = loop.now
        let snapshot = loop.configuration
        let own = entry.configuration.version
        // Before the first file of this server: what the device has is from elsewhere, and 204 lets it stay.
        guard snapshot.isInUse || own != nil else { return .noContent }
        let files = snapshot.effective(for: entry.state, own: own).files.mapValues(\.file)
        var response = Self.document(files, in: loop)
        response.second = second
        if isAsked, second > loop.services.configurations.began {
            entry.configuration.remember(before, at: second, revision: snapshot.revision)
        }
        return response
    }

    /// The device's own files: what it encrypts again when its key changes.
    func ownConfiguration() -> Action {
        guard let entry = session.entry else { return refuse(.notFound) }
        guard entry.configuration.isLoaded else { return whenLoaded(entry) { ownConfiguration() } }
        guard let files = entry.configuration.version?.files, !files.isEmpty else { return .respond(.noContent) }
        return .respond(Self.document(files.files, in: loop))
    }

    private static func document(_ files: [ConfigurationFileName: ConfigurationFile], in loop: LoopContext) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let named = Dictionary(files.map { ($0.key.text, File(file: $0.value)) }, uniquingKeysWith: { first, _ in first })
        guard let data = try? encoder.encode(named) else { return Problem.storageFailed.response }
        let type = "application/json"
        guard data.count > FilePump.piece else { return .bytes(200, type: type, ByteBuffer(bytes: data)) }
        let text = loop.heldTexts.shared(HeldText(Array(data)))
        let head = PreparedHead(status: 200, fields: [("content-type", type), ("content-length", String(data.count))])
        return Response(head: head, body: .held(text, 0..<Int64(data.count)))
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
