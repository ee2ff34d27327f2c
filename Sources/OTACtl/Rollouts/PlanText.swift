import ArgumentParser

/// Parts of a plan as options write them, turned into what the API takes. What the server checks anyway is left to it.
enum PlanText {
    /// `5%` or `20`.
    static func share(_ text: String) throws -> JSON {
        if text.last == "%", let percent = Int64(text.dropLast()) { return ["percent": .integer(percent)] }
        if let count = Int64(text) { return ["count": .integer(count)] }
        throw ValidationError("\"\(Plain.line(text))\" is no share; write a percentage such as 5%, or a number of devices such as 20.")
    }

    /// `5%,gate=90,soak=1h,then=pause,errors=10%,name=canary`; the size may be `rest`.
    static func phase(_ text: String) throws -> JSON {
        var members: [String: JSON] = [:]
        for (index, part) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            if index == 0 {
                if part != "rest" { members["size"] = try share(String(part)) }
                continue
            }
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let (name, value) = try member(pair)
            guard members.updateValue(value, forKey: name) == nil else {
                throw ValidationError("the phase \"\(Plain.line(text))\" says \(Plain.line(pair[0])) twice.")
            }
        }
        return .object(members)
    }

    private static func member(_ pair: [String]) throws -> (name: String, value: JSON) {
        guard pair.count == 2 else {
            throw ValidationError(
                "\"\(Plain.line(pair[0]))\" says nothing of a phase; write its size first, then gate=, soak=, then=, errors= or name=.")
        }
        switch pair[0] {
        case "gate":
            // With or without the sign: a gate is percent.
            guard let percent = Int64(pair[1].last == "%" ? String(pair[1].dropLast()) : pair[1]) else {
                throw ValidationError("\"\(Plain.line(pair[1]))\" is no gate; write percent such as gate=90.")
            }
            return ("gate", .integer(percent))
        case "soak", "then", "name": return (pair[0], .text(pair[1]))
        case "errors": return ("errorLimit", try share(pair[1]))
        default:
            throw ValidationError("a phase has no \"\(Plain.line(pair[0]))\"; it has gate, soak, then, errors and name.")
        }
    }

    private static let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// `mon-fri 22:00-05:00 Europe/Oslo`; days and zone may be left out.
    static func window(_ text: String) throws -> JSON {
        var words = text.split(separator: " ").map(String.init)
        var members: [String: JSON] = [:]
        if let first = words.first, first.first?.isLetter == true {
            members["days"] = .array(try days(in: first.lowercased()).map(JSON.text))
            words.removeFirst()
        }
        let hours = words.first?.split(separator: "-", omittingEmptySubsequences: false).map(String.init) ?? []
        guard hours.count == 2, words.count <= 2 else {
            throw ValidationError("\"\(Plain.line(text))\" is no window; write one such as \"mon-fri 22:00-05:00 Europe/Oslo\".")
        }
        members["from"] = .text(hours[0])
        members["to"] = .text(hours[1])
        if words.count == 2 { members["zone"] = .text(words[1]) }
        return .object(members)
    }

    /// `mon`, `mon-fri`, `fri-mon` or `mon,wed-thu`, in the order of the week.
    private static func days(in text: String) throws -> [String] {
        var chosen = Set<Int>()
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { days.firstIndex(of: String($0)) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else {
                throw ValidationError("\"\(Plain.line(String(part)))\" is no day; days are \(days.joined(separator: ", ")).")
            }
            for step in 0...((last - first + 7) % 7) { chosen.insert((first + step) % 7) }
        }
        return chosen.sorted().map { days[$0] }
    }
}
