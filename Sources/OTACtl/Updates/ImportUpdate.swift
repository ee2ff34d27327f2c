import ArgumentParser
import Foundation

struct ImportUpdate: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Send an archive with an update; it appears as a whole or not at all.",
        discussion: "A connection that is cut is taken up again; a second run goes on where the first ended.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "A tar, tar.gz or tar.zst with tuf/, ostree_repo/ and apps/.") var file: String
    @OptionGroup var update: UpdateArgument

    /// Cuts in a row without a byte more that end it.
    private static let mostCuts = 5
    /// A check of a large update takes its time.
    var patience: Int64 { 3_600 }

    func run(_ client: AdminClient) async throws {
        let upload = try UploadFile(path: file, for: update.text)
        var offset = try await received(upload, client)
        var cuts = 0
        while true {
            do {
                let (isAccepted, document) = try await client.upload(upload, from: offset, to: update.path)
                return try report(document, isAccepted: isAccepted)
            } catch let error as ControlError where error.slug == "server-unreachable" {
                cuts += 1
                guard cuts <= Self.mostCuts else { throw error }
                let now = try await received(upload, client)
                if now > offset { cuts = 0 }
                offset = now
                FileHandle.standardError.write(Data("otactl: the connection was cut; going on behind \(offset) bytes\n".utf8))
            }
        }
    }

    /// What an earlier request sent; 0 when nothing is there.
    private func received(_ upload: UploadFile, _ client: AdminClient) async throws -> Int64 {
        do {
            return try await client.call(.GET, "/v1/uploads/\(upload.id)")["receivedBytes"].integer ?? 0
        } catch let error as ControlError where error.slug == "upload-unknown" {
            return 0
        }
    }

    private func report(_ document: JSON, isAccepted: Bool) throws {
        if isJSON { try StandardOutput.json(document) }
        for finding in document["findings"].array where !isJSON {
            let line = ["severity", "path", "slug", "message"].map { finding[$0].cell }.joined(separator: ": ")
            FileHandle.standardError.write(Data("\(Plain.line(line))\n".utf8))
        }
        guard isAccepted else {
            throw ControlError(.badData, "update-refused", "\(update.text) was not imported; mend the findings and try again")
        }
        if !isJSON { try StandardOutput.line("imported \(Plain.line(update.text)): \(document["targets"].cell)") }
    }
}
