/// A length of time as operators write it: `90d`, `12h`, `30m`, `45s`.
public struct Lifetime: Equatable, Sendable {
    public let seconds: Int64

    public init(_ text: String) throws(OperatorAuthError) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let last = text.last, let unit = units[last], text.dropLast().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int64(text.dropLast()), count > 0,
            count <= 1_000_000
        else {
            throw OperatorAuthError(
                .lifetimeInvalid, "\(text.prefix(40).debugDescription) is no length of time; write 90d, 12h, 30m or 45s")
        }
        seconds = count * unit
    }
}
