import FileTree
import Foundation
import UpdateTree

/// One update as an upstream holds it.
struct StubUpdate: Sendable {
    let key: UpdateKey
    let inventory: String
    let files: [String: [UInt8]]

    init(_ sample: String, _ upstream: UpdateLibrary) throws {
        key = try SiteWorld.key(sample)
        let source = "\(SiteWorld.samples)/updates/\(sample)"
        let report = try UpdateIngest(library: upstream, settings: VerificationSettings(workers: 1))
            .run(.directory(path: source), as: key, now: SiteWorld.now())
        guard report.isAccepted, let text = try upstream.verdicts.inventoryText(of: key) else {
            throw UpdateTreeError(.updateRefused, "the sample is refused")
        }
        inventory = String(decoding: text, as: UTF8.self)
        var files: [String: [UInt8]] = [:]
        for file in try Inventory(parsing: inventory).files {
            files[file.path] = try Array(Data(contentsOf: URL(fileURLWithPath: "\(source)/\(file.path)")))
        }
        self.files = files
    }

    /// As an OTAServe answers.
    static func answer(_ request: UpstreamStub.Request, of updates: [String: StubUpdate]) -> UpstreamStub.Reply {
        if request.path == "/site/v1/updates" { return whole(Array(listing(updates.values.map(\.self)).utf8)) }
        for (path, update) in updates {
            let prefix = "/site/v1/updates/\(path)/"
            guard request.path.hasPrefix(prefix) else { continue }
            let rest = request.path.dropFirst(prefix.count)
            if rest == "inventory" { return whole(Array(update.inventory.utf8)) }
            guard let name = rest.dropFirst("content/".count).removingPercentEncoding, let bytes = update.files[name] else { break }
            return part(bytes, request)
        }
        return .init(status: .notFound, body: Array(#"{"slug":"update-unknown","detail":"no"}"#.utf8), announced: 39)
    }

    static func listing(_ updates: [StubUpdate]) -> String {
        let entries = updates.sorted { $0.key.path < $1.key.path }.map { update in
            #"{"channel":"\#(update.key.channel)","tag":"\#(update.key.tag)","name":"\#(update.key.name)","#
                + #""inventory":"\#(Digest(of: update.inventory.utf8))","bytes":1,"files":1}"#
        }
        return #"{"updates":[\#(entries.joined(separator: ","))]}"#
    }

    static func whole(_ bytes: [UInt8]) -> UpstreamStub.Reply {
        .init(fields: [("ETag", tag(bytes))], body: bytes, announced: bytes.count)
    }

    static func part(_ bytes: [UInt8], _ request: UpstreamStub.Request) -> UpstreamStub.Reply {
        guard let from = request.from, request.ifRange == nil || request.ifRange == tag(bytes) else { return whole(bytes) }
        return .init(
            status: .partialContent, fields: [("ETag", tag(bytes)), ("Content-Range", "bytes \(from)-\(bytes.count - 1)/\(bytes.count)")],
            body: Array(bytes[from...]), announced: bytes.count - from)
    }

    static func tag(_ bytes: [UInt8]) -> String { "\"\(Digest(of: bytes))\"" }
}
