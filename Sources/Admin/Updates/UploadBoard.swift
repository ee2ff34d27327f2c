import Synchronization
import UpdateTree

/// How far the uploads are that are being checked, for those who ask.
final class UploadBoard: Sendable {
    private let uploads = Mutex<[UploadID: VerificationProgress]>([:])

    func begin(_ id: UploadID) {
        note(VerificationProgress(step: .receiving, done: 0, total: 0, unit: .bytes), of: id)
    }

    func note(_ progress: VerificationProgress, of id: UploadID) { uploads.withLock { $0[id] = progress } }

    func end(_ id: UploadID) { _ = uploads.withLock { $0.removeValue(forKey: id) } }

    func progress(of id: UploadID) -> VerificationProgress? { uploads.withLock { $0[id] } }
}
