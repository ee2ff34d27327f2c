import FileTree
import OCI
import OSTree

/// Compares content with its name, in constant memory.
///
/// Belongs to one thread; each worker has its own.
final class ContentCheck {
    private let objects: ObjectCheck

    init() throws(UpdateTreeError) {
        do { objects = try ObjectCheck() } catch { throw UpdateTreeError(.storage, error.message) }
    }

    /// Throws unless `file` is exactly `content`. Returns the count of bytes read.
    func check(_ content: SharedContent, _ file: Descriptor) throws(ContentDefect) -> Int64 {
        switch content {
        case .object(let name):
            do { return try objects.check(name, file) } catch {
                throw ContentDefect(
                    slug: error.code.rawValue, message: error.message, isUnreadable: error.code == .objectUnreadable)
            }
        case .blob(let digest):
            do throws(FileTreeError) {
                let found = try FileDigest.of(file)
                guard found == digest else {
                    throw FileTreeError(.notPlain, "it is damaged, or another blob: its digest is \(found)")
                }
                return try file.status().size
            } catch {
                let isOther = error.code == .notPlain
                let code: OCIError.Code = isOther ? .digestMismatch : .blobUnreadable
                throw ContentDefect(slug: code.rawValue, message: error.message, isUnreadable: !isOther)
            }
        }
    }
}

/// Why a file is not the content that its name says.
struct ContentDefect: Error, Hashable {
    let slug: String
    let message: String
    /// The file could not be read: its disk, its owner or a shortage, and nothing is known of its bytes.
    let isUnreadable: Bool

    init(slug: String, message: String, isUnreadable: Bool) {
        self.slug = slug
        self.message = message
        self.isUnreadable = isUnreadable
    }

    /// The file could not even be opened.
    init(opening error: FileTreeError) {
        let isNotPlain = error.code == .notPlain
        self.init(
            slug: isNotPlain ? StoreFinding.Kind.notPlain.slug : error.code.rawValue, message: error.message, isUnreadable: !isNotPlain)
    }
}
