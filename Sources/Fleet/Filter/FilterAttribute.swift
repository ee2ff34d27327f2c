import UpdateTree

/// What a filter can ask of a device, and what lists can be sorted and counted by.
public enum FilterAttribute: Hashable, Sendable {
    case uuid, name, group, tag, channel, update, target, version, ostree, app, hardware, status
    case online, denied, registered
    case lastSeen, createdAt, certificateEnds
    case label(String)

    /// What its values are, which decides how it can be compared.
    public enum Kind: Equatable, Sendable {
        case text
        /// One of these words.
        case choice([String])
        /// Any number of texts; a comparison holds when it holds for one of them.
        case list
        case number
        /// True or false, never missing.
        case flag
        /// A time that has passed: a duration is its age.
        case past
        /// A time to come: a duration is what is left until then.
        case future
    }

    /// The one table of attributes, in the order in which messages list them. Labels come on top: `label.<key>`.
    public static let table: [(name: String, attribute: FilterAttribute, kind: Kind)] = [
        ("uuid", .uuid, .text),
        ("name", .name, .text),
        ("group", .group, .text),
        ("tag", .tag, .text),
        ("channel", .channel, .choice(Channel.allCases.map(\.rawValue))),
        ("update", .update, .text),
        ("target", .target, .text),
        ("version", .version, .number),
        ("ostree", .ostree, .text),
        ("app", .app, .list),
        ("hardware", .hardware, .text),
        ("status", .status, .choice(UpdateStatus.allCases.map(\.rawValue))),
        ("online", .online, .flag),
        ("denied", .denied, .flag),
        ("registered", .registered, .flag),
        ("lastSeen", .lastSeen, .past),
        ("createdAt", .createdAt, .past),
        ("certificateEnds", .certificateEnds, .future),
    ]

    static let labelPrefix = "label."

    public var kind: Kind { Self.table.first { $0.attribute == self }?.kind ?? .text }

    /// As it is written in a filter.
    public var text: String {
        if case .label(let key) = self { return Self.labelPrefix + key }
        return Self.table.first { $0.attribute == self }?.name ?? ""
    }

    /// The attribute of a name, in whatever case; the key of a label keeps its case.
    public init(_ text: String) throws(FleetError) {
        if let row = Self.table.first(where: { $0.name.lowercased() == text.lowercased() }) {
            self = row.attribute
            return
        }
        guard text.lowercased().hasPrefix(Self.labelPrefix) else {
            throw FleetError(.filterInvalid, Self.unknown(text))
        }
        let key = String(text.dropFirst(Self.labelPrefix.count))
        guard AttributeWord.isValid(key, longest: Labels.longestKey) else {
            throw FleetError(
                .filterInvalid,
                "a label's key is 1 to \(Labels.longestKey) letters, digits and _ . - and begins with a letter or digit")
        }
        self = .label(key)
    }
}
