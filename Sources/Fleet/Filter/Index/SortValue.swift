/// What devices are sorted by; one without the attribute comes before all that have it.
enum SortValue: Hashable, Comparable, Sendable {
    case missing
    case number(Int64)
    case text(String)
}

extension DeviceFacts {
    /// Of an attribute with one value per device.
    func sortValue(_ attribute: FilterAttribute, now: Int64) -> SortValue {
        switch attribute.kind {
        case .flag: .number(flag(attribute, now: now) ? 1 : 0)
        case .number, .past, .future: number(attribute).map(SortValue.number) ?? .missing
        case .text, .choice, .list: text(attribute).map(SortValue.text) ?? .missing
        }
    }
}
