import Crypto
import StrictJSON

/// What one metadata file states of another one.
public struct FileDescription: Equatable, Sendable {
    public let version: Int64
    /// Bytes.
    public let length: Int64?
    public let hashes: Hashes?

    public init(version: Int64, length: Int64?, hashes: Hashes?) {
        self.version = version
        self.length = length
        self.hashes = hashes
    }

    init(_ value: JSONElement) throws(TUFError) {
        guard let version = value["version"]?.integer, version >= 1 else {
            throw TUFError(.versionInvalid, "an entry of meta needs a version of 1 or more")
        }
        self.version = version
        length = try value["length"].map { element throws(TUFError) in
            guard let length = element.integer, length >= 0 else {
                throw TUFError(.memberInvalid, "a length must be an integer of 0 or more")
            }
            return length
        }
        hashes = try value["hashes"].map { element throws(TUFError) in try Hashes(element) }
    }
}
