import StrictJSON

/// What every role states of itself.
public struct RoleHeader: Equatable, Sendable {
    /// 1 or more; rises with every change.
    public let version: Int64
    public let expires: MetadataTime

    public init(_ envelope: Envelope) throws(TUFError) {
        let signed = envelope.signed
        if envelope.profile == .standard {
            guard let specification = signed["spec_version"]?.string else {
                throw TUFError(.memberMissing, "there is no member spec_version")
            }
            // TUF §4.3: a client takes files of its own major version.
            guard specification.hasPrefix("1.") else {
                throw TUFError(.specificationUnknown, "spec_version is \(quoted(specification)); this reads version 1")
            }
        }
        guard let version = signed["version"]?.integer, version >= 1 else {
            throw TUFError(.versionInvalid, "version must be an integer of 1 or more")
        }
        guard let expires = signed["expires"]?.string else { throw TUFError(.memberMissing, "there is no member expires") }
        self.version = version
        self.expires = try MetadataTime(parsing: expires)
    }
}

/// The content of one verified or yet unverified metadata file.
public protocol RoleMetadata: Sendable {
    static var role: TopRole { get }
    var common: RoleHeader { get }
    init(_ envelope: Envelope) throws(TUFError)
}

extension RoleMetadata {
    public var version: Int64 { common.version }
    public var expires: MetadataTime { common.expires }

    /// Reads the bytes of a file. Verifies nothing.
    public init(parsing bytes: [UInt8]) throws(TUFError) { try self.init(Envelope(parsing: bytes, as: Self.role)) }
}
