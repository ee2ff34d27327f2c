import DeviceAuth

/// A device's place in a sorted list, which is where the next page goes on.
///
/// It holds what the device was sorted by rather than a number of rows to skip: devices that do not change themselves
/// are neither repeated nor left out, whatever comes, goes or changes between two pages.
public struct DevicePlace: Hashable, Sendable {
    let order: DeviceOrder
    let value: SortValue
    let id: DeviceID

    init(_ order: DeviceOrder, _ value: SortValue, _ id: DeviceID) {
        self.order = order
        self.value = value
        self.id = id
    }

    /// Three lines: the order, the kind of the value with the value, the device. No value holds a line's end.
    public var text: String {
        let value =
            switch value {
            case .missing: "-"
            case .number(let number): "n\(number)"
            case .text(let text): "t\(text)"
            }
        return "\(order)\n\(value)\n\(id)"
    }

    /// Nil when it is none that ``text`` made for this order.
    public init?(_ text: String, in order: DeviceOrder) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0] == order.description, let kind = lines[1].first, let id = try? DeviceID(lines[2]) else {
            return nil
        }
        let rest = lines[1].dropFirst()
        switch kind {
        case "-" where rest.isEmpty: value = .missing
        case "n":
            guard let number = Int64(rest) else { return nil }
            value = .number(number)
        case "t": value = .text(String(rest))
        default: return nil
        }
        self.order = order
        self.id = id
    }

    /// Whether it comes before another place in the same list.
    func precedes(_ other: DevicePlace) -> Bool {
        if value != other.value { return order.isDescending ? value > other.value : value < other.value }
        return id < other.id
    }
}
