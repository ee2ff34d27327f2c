/// One request to snapd.
public struct SnapdCall: Equatable, Sendable {
    public enum Body: Equatable, Sendable {
        case json([UInt8])
        /// The text of `.assert` files.
        case assertions([UInt8])
        /// Snap files with the form's other fields, sent piece by piece from the disk.
        case files([SnapUpload], fields: [FormField])
    }

    /// One field of a form.
    public struct FormField: Equatable, Sendable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public let method: String
    /// With its query.
    public let path: String
    public let body: Body?

    public init(_ method: String, _ path: String, _ body: Body? = nil) {
        self.method = method
        self.path = path
        self.body = body
    }

    /// Whether snapd answers with a change that goes on after the answer.
    public var startsChange: Bool {
        switch body {
        case nil, .assertions: false
        case .files: true
        case .json: path != "/v2/users"
        }
    }
}
