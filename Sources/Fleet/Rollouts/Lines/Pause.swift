/// Why a rollout stands still: by whom or by which rule, in one sentence.
public struct Pause: Equatable, Sendable {
    public enum Cause: Equatable, Sendable {
        /// A person or a program: an operator's token, or `local`.
        case who(String)
        case rule(Rule)
    }

    public enum Rule: String, Sendable, CaseIterable {
        case errorLimit = "error-limit"
        case phaseErrorLimit = "phase-error-limit"
        /// The gate of a phase can no longer be met.
        case gate
        /// The plan says so after the phase.
        case plan
        /// It could not begin when its time came.
        case start
    }

    public let cause: Cause
    /// One line, at most ``longest`` bytes.
    public let sentence: String

    /// Bytes of UTF-8.
    public static let longest = 300

    public init(_ cause: Cause, _ sentence: String) {
        self.cause = cause
        let line = sentence.split(whereSeparator: \.isNewline).joined(separator: " ")
        self.sentence = line.utf8.count <= Self.longest ? line : String(decoding: line.utf8.prefix(Self.longest), as: UTF8.self)
    }

    /// - Parameter by: as ``by-swift.property`` gives it.
    public init(by: String, _ sentence: String) {
        self.init(by.hasPrefix("rule:") ? Rule(rawValue: String(by.dropFirst(5))).map { .rule($0) } ?? .who(by) : .who(by), sentence)
    }

    /// `rule:gate: a sentence` or `token ab12: a sentence`.
    init?(_ text: String) {
        guard let end = text.utf8.firstRange(of: ": ".utf8) else { return nil }
        self.init(by: String(text[..<end.lowerBound]), String(text[end.upperBound...]))
    }

    public var by: String {
        switch cause {
        case .who(let who): who
        case .rule(let rule): "rule:\(rule.rawValue)"
        }
    }

    var text: String { "\(by): \(sentence)" }
}
