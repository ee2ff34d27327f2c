import Fleet

/// A filter that was made up, with the text that says it and an evaluation of its own.
indirect enum RandomFilter {
    case text(String, String, [String])
    case number(String, String, Int64)
    case age(String, String, amount: Int64, unit: Character)
    case flag(String, Bool)
    case has(String)
    case not(RandomFilter)
    case both(RandomFilter, RandomFilter)
    case either(RandomFilter, RandomFilter)

    static func make(_ random: inout SeededGenerator, depth: Int = 0) -> RandomFilter {
        switch Int.random(in: 0..<(depth > 4 ? 5 : 10), using: &random) {
        case 0, 1: return text(&random)
        case 2:
            if Bool.random(using: &random) { return .number("version", relation(&random), Int64.random(in: 6...43, using: &random)) }
            let attribute = ["lastSeen", "createdAt", "certificateEnds"].randomElement(using: &random) ?? "lastSeen"
            let (amount, unit) = [(59, "s"), (15, "m"), (1, "h"), (7, "d"), (1, "w"), (0, "d")].randomElement(using: &random) ?? (1, "s")
            let sign = ["<", "<=", ">", ">="].randomElement(using: &random) ?? "<"
            return .age(attribute, sign, amount: Int64(amount), unit: Character(unit))
        case 3: return .flag(["online", "denied", "registered"].randomElement(using: &random) ?? "online", .random(using: &random))
        case 4: return .has(["name", "group", "tag", "app", "label.site", "lastSeen", "version"].randomElement(using: &random) ?? "tag")
        case 5: return .not(make(&random, depth: depth + 1))
        case 6, 7: return .both(make(&random, depth: depth + 1), make(&random, depth: depth + 1))
        default: return .either(make(&random, depth: depth + 1), make(&random, depth: depth + 1))
        }
    }

    private static func text(_ random: inout SeededGenerator) -> RandomFilter {
        if Int.random(in: 0..<4, using: &random) == 0 {
            let sign = ["=", "!=", "in"].randomElement(using: &random) ?? "="
            return .text("status", sign, [UpdateStatus.allCases.randomElement(using: &random)?.rawValue ?? "idle"])
        }
        let attribute =
            ["name", "group", "tag", "update", "target", "ostree", "app", "hardware", "label.site", "label.rack", "uuid"]
            .randomElement(using: &random) ?? "tag"
        let sign = ["=", "!=", "~", "in", "in"].randomElement(using: &random) ?? "="
        let values = RandomFleet.words + ["abc", "42", "intel", "d1*", "*", "l*-*", "*a*", "OSLO", "*42", "l*p*2"]
        let count = sign == "in" ? Int.random(in: 1...4, using: &random) : 1
        return .text(attribute, sign, (0..<count).map { _ in values.randomElement(using: &random) ?? "a" })
    }

    private static func relation(_ random: inout SeededGenerator) -> String {
        ["=", "!=", "<", "<=", ">", ">="].randomElement(using: &random) ?? "="
    }

    /// Its text, with spaces, parentheses and letter cases as they come.
    func text(_ random: inout SeededGenerator) -> String {
        func keyword(_ word: String) -> String { Bool.random(using: &random) ? word : word.uppercased() }
        func space() -> String { Bool.random(using: &random) ? "" : " " }
        switch self {
        case .text(let attribute, "in", let values):
            return "\(attribute) \(keyword("in"))\(space())(\(values.map(Self.quoted).joined(separator: space() + "," + space())))"
        case .text(let attribute, let sign, let values): return "\(attribute)\(space())\(sign)\(space())\(Self.quoted(values[0]))"
        case .number(let attribute, let sign, let number): return "\(attribute)\(space())\(sign)\(space())\(number)"
        case .age(let attribute, let sign, let amount, let unit): return "\(attribute)\(sign)\(amount)\(unit)"
        case .flag(let attribute, true) where Bool.random(using: &random): return attribute
        case .flag(let attribute, let value): return "\(attribute)=\(value)"
        case .has(let attribute): return Bool.random(using: &random) ? attribute : "\(keyword("has")) \(attribute)"
        case .not(let filter): return "\(keyword("not")) (\(filter.text(&random)))"
        case .both(let left, let right): return "(\(left.text(&random))) \(keyword("and")) (\(right.text(&random)))"
        case .either(let left, let right): return "(\(left.text(&random)) \(keyword("or")) \(right.text(&random)))"
        }
    }

    private static func quoted(_ value: String) -> String {
        value.utf8.allSatisfy { $0 == 0x2D || $0 == 0x2A || (0x30...0x39).contains($0) || (0x41...0x7A).contains($0) }
            ? value : "\"\(value.replacing("\"", with: "\\\""))\""
    }

    func matches(_ facts: DeviceFacts, now: Int64) -> Bool {
        switch self {
        case .text(let attribute, let sign, let values):
            let texts = Self.texts(attribute, facts)
            switch sign {
            case "~": return texts.contains { $0.lowercased().contains(values[0].lowercased()) }
            case "!=": return !texts.contains { Self.glob($0[...], values[0][...]) }
            default: return texts.contains { text in values.contains { Self.glob(text[...], $0[...]) } }
            }
        case .number(_, let sign, let number):
            guard let digits = facts.state.targetName?.split(whereSeparator: { !$0.isNumber }).last, digits.count < 19,
                facts.state.targetName?.last?.isNumber == true, let version = Int64(digits)
            else { return sign == "!=" }
            return Self.compare(version, sign, number)
        case .age(let attribute, let sign, let amount, let unit):
            let seconds = amount * (["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800][unit] ?? 0)
            switch attribute {
            case "lastSeen": return facts.lastSeen > 0 && Self.compare(now - facts.lastSeen, sign, seconds)
            case "createdAt": return Self.compare(now - facts.state.createdAt, sign, seconds)
            default: return facts.state.certificateEnds.map { Self.compare($0 - now, sign, seconds) } ?? false
            }
        case .flag("online", let value): return (facts.lastSeen > 0 && now - facts.lastSeen <= 900) == value
        case .flag("denied", let value): return facts.state.isDenied == value
        case .flag(_, let value): return (facts.state.key != nil) == value
        case .has("lastSeen"): return facts.lastSeen > 0
        case .has("version"): return RandomFilter.number("version", ">=", 0).matches(facts, now: now)
        case .has(let attribute): return !Self.texts(attribute, facts).isEmpty
        case .not(let filter): return !filter.matches(facts, now: now)
        case .both(let left, let right): return left.matches(facts, now: now) && right.matches(facts, now: now)
        case .either(let left, let right): return left.matches(facts, now: now) || right.matches(facts, now: now)
        }
    }

    private static func compare(_ left: Int64, _ sign: String, _ right: Int64) -> Bool {
        switch sign {
        case "=": left == right
        case "!=": left != right
        case "<": left < right
        case "<=": left <= right
        case ">": left > right
        default: left >= right
        }
    }

    private static func glob(_ text: Substring, _ pattern: Substring) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "*" { return glob(text, pattern.dropFirst()) || (!text.isEmpty && glob(text.dropFirst(), pattern)) }
        return text.first == first && glob(text.dropFirst(), pattern.dropFirst())
    }

    private static func texts(_ attribute: String, _ facts: DeviceFacts) -> [String] {
        let state = facts.state
        let text: String? =
            switch attribute {
            case "uuid": state.id.text
            case "name": state.name?.text
            case "group": state.group?.text
            case "tag": state.tag?.text
            case "update": state.updateName?.text
            case "target": state.targetName
            case "ostree": state.ostreeHash
            case "hardware": state.hardwareID
            case "status": state.status.rawValue
            case "label.site": state.labels["site"]
            case "label.rack": state.labels["rack"]
            default: nil
            }
        return attribute == "app" ? state.apps : text.map { [$0] } ?? []
    }
}
