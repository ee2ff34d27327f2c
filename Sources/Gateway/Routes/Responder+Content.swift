import UpdateTree

/// Content of a device's update: metadata, OSTree objects, blobs.
extension Responder {
    func content(_ content: Content, in update: String, _ request: RequestHead) -> Action {
        file(update + "/" + content.path, of: content, in: update, request)
    }
}
