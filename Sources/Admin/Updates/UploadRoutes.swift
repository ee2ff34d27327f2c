import Dispatch
import HTTPTypes
import Hummingbird
import NIOCore
import TUF
import UpdateTree

/// Updates come in as archives: received into a private place, piece by piece and over as many connections as it takes,
/// then checked and made visible as a whole.
struct UploadRoutes: Sendable {
    fileprivate struct Status: Encodable {
        let id: String
        let update: String
        let receivedBytes: Int64
        let step: Nullable<String>
        let done: Nullable<Int64>
        let total: Nullable<Int64>
        let unit: Nullable<String>
    }

    let services: AdminServices
    private let board = UploadBoard()

    init(services: AdminServices) { self.services = services }

    var all: [Route] {
        [
            Route(.post, "/v1/updates/{channel}/{tag}/{name}", .scope(.updatesWrite)) { call in try await receive(call) },
            Route(.get, "/v1/uploads/{upload}", .scope(.updatesRead)) { call in try status(call) },
        ]
    }

    private func receive(_ call: Call) async throws -> Response {
        let key = try call.update()
        guard !services.library.catalogue.contains(key) else {
            throw UpdateTreeError(.updateExists, "there is an update \(key) already; delete it or choose another name")
        }
        let named = try call.request.headers[.uploadID].map { try UploadID($0) }
        let id = named ?? .random()
        let isComplete = try Self.isComplete(call.request.headers[.uploadComplete])
        var upload = try await Self.blocking { [services] () throws in try services.imports.uploads.open(id, for: key) }
        do {
            try upload.check(offset: try Self.offset(call.request.headers[.uploadOffset]))
            if let length = call.request.headers[.contentLength].flatMap({ Int64($0) }) {
                try upload.check(length: upload.received + length)
            }
            for try await part in call.request.body {
                let before = upload
                upload = try await Self.blocking { () throws in
                    var upload = before
                    try part.withUnsafeReadableBytes { bytes in try upload.append(bytes) }
                    return upload
                }
            }
        } catch {
            // Without a name nobody can go on with it; what is too long never will be taken.
            let isUseless = named == nil || upload.received == 0 || (error as? UpdateTreeError)?.code == .uploadTooLarge
            if isUseless { try? services.imports.uploads.remove(id) }
            throw Self.problem(error, received: upload.received)
        }
        guard isComplete else {
            // A piece, whose import is still to come.
            call.auditNote.suppress()
            var response = Response.json(Status(id: id, update: key.path, received: upload.received), status: .accepted)
            response.headers[.uploadOffset] = String(upload.received)
            return response
        }
        return try await accept(upload, as: key)
    }

    private func accept(_ upload: Upload, as key: UpdateKey) async throws -> Response {
        let id = upload.id
        board.begin(id)
        defer { board.end(id) }
        let services = services
        let report: UpdateReport
        do {
            let board = board
            report = try await services.imports.queue.run {
                try await Self.blocking { () throws in
                    let claim = try ImportClaim.importing(into: services.library.data)
                    return try claim.whileHeld { () throws in
                        try services.imports.ingest { board.note($0, of: id) }.run(
                            upload.source(), as: key, now: MetadataTime(seconds: services.now()))
                    }
                }
            }
        } catch {
            // A full disk is mended and the same bytes are taken again; an archive that is none never will be.
            if (error as? UpdateTreeError)?.code != .storageFull { try? services.imports.uploads.remove(id) }
            throw error
        }
        try services.imports.uploads.remove(id)
        guard report.isAccepted else {
            return .json(UpdateReportDocument(report), status: .unprocessableContent)
        }
        await services.imports.lookAtUpdates()
        var response = Response.json(UpdateReportDocument(report), status: .created)
        response.headers[.location] = "/v1/updates/\(key.path)"
        return response
    }

    private func status(_ call: Call) throws -> Response {
        let id = try UploadID(call.parameter("upload"))
        guard let (update, bytes) = services.imports.uploads.received(id) else {
            throw UpdateTreeError(.uploadUnknown, "there is no upload \(id); it has ended or was never begun")
        }
        var response = Response.json(Status(id: id, update: update, received: bytes, progress: board.progress(of: id)))
        response.headers[.uploadOffset] = String(bytes)
        return response
    }

    private static func offset(_ header: String?) throws(Problem) -> Int64 {
        guard let header else { return 0 }
        guard let offset = Int64(header), offset >= 0 else {
            throw Problem(.badRequest, "upload-invalid", "Upload-Offset is the count of bytes that were sent before")
        }
        return offset
    }

    private static func isComplete(_ header: String?) throws(Problem) -> Bool {
        switch header {
        case nil, "?1": return true
        case "?0": return false
        default: throw Problem(.badRequest, "upload-invalid", "Upload-Complete is ?1 for the last part and ?0 for one before it")
        }
    }

    /// A client that begins at the wrong place is told the right one.
    private static func problem(_ error: any Error, received: Int64) -> any Error {
        guard let error = error as? UpdateTreeError, error.code == .uploadOffset else { return error }
        var problem = Problem(error)
        problem.headers[.uploadOffset] = String(received)
        return problem
    }

    /// Waiting for a disk has no place on the threads that serve requests.
    private static func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
        }
    }
}

extension UploadRoutes.Status {
    init(id: UploadID, update: String, received: Int64, progress: VerificationProgress? = nil) {
        self.init(
            id: id.text, update: update, receivedBytes: received, step: Nullable(progress?.step.rawValue),
            done: Nullable(progress?.done), total: Nullable(progress.flatMap { $0.total > 0 ? $0.total : nil }),
            unit: Nullable(progress?.unit.rawValue))
    }
}

extension HTTPField.Name {
    /// As in the IETF's resumable uploads.
    static let uploadOffset = named("Upload-Offset")
    static let uploadComplete = named("Upload-Complete")
    /// The client's own name of the upload.
    static let uploadID = named("Upload-Id")

    /// For names that are tokens of RFC 9110; another one would never match a header.
    private static func named(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .contentLength }
}
