import FileTree
import NIOCore
import UpdateTree

/// Content of an update: what devices ask for, and every other file for a site.
extension Answering {
    /// - Parameters:
    ///   - path: of the file, relative to `updates/`.
    ///   - content: what devices know the file as; nil for a file that they never ask for.
    ///   - update: the update's directory, relative to `updates/`.
    ///   - digest: of the file, where another name than its path tells it: its ETag.
    func file(_ path: String, of content: Content?, in update: String, digest: String? = nil, _ request: RequestHead) -> Action {
        do throws(FileTreeError) {
            return .respond(respond(with: try loop.files.file(path, of: content, now: loop.loop.now), digest, request))
        } catch {
            guard error.code == .notCached else { return refuse(problem(error, update: update)) }
        }
        // Not in the kernel's caches: the pool waits for the disk, the loop goes on.
        let updates = loop.services.updates
        let now = loop.loop.now
        let opened = loop.pool.runIfActive(eventLoop: loop.loop) {
            try CachedFile(path, of: content, in: updates, cachedOnly: false, now: now)
        }
        return .later(
            opened.map { file -> Action in
                loop.files.insert(file, at: path)
                return .respond(respond(with: file, digest, request))
            }.flatMapErrorThrowing { error in
                guard let error = error as? FileTreeError else { throw error }
                return refuse(problem(error, update: update))
            })
    }

    private func problem(_ error: FileTreeError, update: String) -> Problem {
        switch error.code {
        case .notFound, .notPlain, .notPermitted:
            if error.code != .notFound { loop.logger.warning("content_refused", metadata: ["reason": "\(error.message)"]) }
            return loop.services.updates.status(update)?.kind == .directory ? .notFound : Self.updateAbsent
        default:
            loop.logger.error("content_unreadable", metadata: ["reason": "\(error.message)"])
            return .storageFailed
        }
    }

    private func respond(with file: CachedFile, _ digest: String?, _ request: RequestHead) -> Response {
        respond(digest.map(file.representation(digest:)) ?? file.representation, request) { range in
            if let bytes = file.bytes, let slice = bytes.getSlice(at: Int(range.lowerBound), length: range.count) {
                return .bytes(slice)
            }
            return .file(file.descriptor, range)
        }
    }

    /// - Parameter body: asked for a part that is not empty, and for GET alone.
    func respond(
        _ content: Representation, _ request: RequestHead, body: (Range<Int64>) -> Response.Body
    ) -> Response {
        if let known = request.ifNoneMatch, content.matches(known) { return Response(head: content.notModified) }
        func sent(_ range: Range<Int64>) -> Response.Body { request.method == .head || range.isEmpty ? .none : body(range) }
        // Ranges are defined for GET alone (RFC 9110 §14.2). If-Range takes our strong tag only; a date or another tag
        // asks for the whole.
        let ranged = request.method == .get && request.range != nil && (request.ifRange == nil || request.ifRange == content.etag)
        switch ranged ? ByteRange(request.range, size: content.size) : .whole {
        case .unsatisfiable: return Response(head: content.unsatisfiable)
        case .part(let range): return Response(head: content.part(range), body: sent(range))
        case .whole: return Response(head: content.whole, body: sent(0..<content.size))
        }
    }
}
