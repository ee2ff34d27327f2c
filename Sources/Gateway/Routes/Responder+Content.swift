import FileTree
import NIOCore
import UpdateTree

/// Content of a device's update: metadata, OSTree objects, blobs.
extension Responder {
    func content(_ content: Content, in update: String, _ request: RequestHead) -> Action {
        let path = update + "/" + content.path
        do throws(FileTreeError) {
            return .respond(respond(with: try loop.files.file(path, of: content, now: loop.loop.now), request))
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
                return .respond(respond(with: file, request))
            }.flatMapErrorThrowing { error in
                guard let error = error as? FileTreeError else { throw error }
                return refuse(problem(error, update: update))
            })
    }

    private func problem(_ error: FileTreeError, update: String) -> Problem {
        switch error.code {
        case .notFound, .notPlain, .notPermitted:
            if error.code != .notFound { loop.logger.warning("content_refused", metadata: ["reason": "\(error.message)"]) }
            return loop.services.updates.status(update)?.kind == .directory ? .notFound : .updateMissing
        default:
            loop.logger.error("content_unreadable", metadata: ["reason": "\(error.message)"])
            return .storageFailed
        }
    }

    private func respond(with file: CachedFile, _ request: RequestHead) -> Response {
        if let known = request.ifNoneMatch, matches(known, file.etag) { return Response(head: file.notModified) }
        // Ranges are defined for GET alone (RFC 9110 §14.2). If-Range takes our strong tag only; a date or another tag
        // asks for the whole.
        let ranged = request.method == .get && request.range != nil && (request.ifRange == nil || request.ifRange == file.etag)
        switch ranged ? ByteRange(request.range, size: file.status.size) : .whole {
        case .unsatisfiable: return Response(head: file.unsatisfiable)
        case .part(let range): return Response(head: file.part(range), body: body(of: file, range, request))
        case .whole: return Response(head: file.whole, body: body(of: file, 0..<file.status.size, request))
        }
    }

    private func body(of file: CachedFile, _ range: Range<Int64>, _ request: RequestHead) -> Response.Body {
        if request.method == .head || range.isEmpty { return .none }
        if let bytes = file.bytes, let slice = bytes.getSlice(at: Int(range.lowerBound), length: range.count) {
            return .bytes(slice)
        }
        return .file(file.descriptor, range)
    }

    private func matches(_ header: String, _ etag: String) -> Bool {
        header == etag || header == "*"
            || header.split(separator: ",").contains { $0.drop(while: { $0 == " " || $0 == "W" || $0 == "/" }).elementsEqual(etag) }
    }
}
