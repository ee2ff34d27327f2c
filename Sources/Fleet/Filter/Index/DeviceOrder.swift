/// By what a list of devices is sorted; those that are equal come in order of uuid.
public struct DeviceOrder: Hashable, Sendable, CustomStringConvertible {
    public let attribute: FilterAttribute
    public let isDescending: Bool

    public static let uuid = DeviceOrder(attribute: .uuid, isDescending: false)

    private init(attribute: FilterAttribute, isDescending: Bool) {
        self.attribute = attribute
        self.isDescending = isDescending
    }

    /// An attribute such as `lastSeen`, with a `-` in front for descending. Throws `.attributeUnknown`.
    public init(_ text: String) throws(FleetError) {
        isDescending = text.hasPrefix("-")
        let name = isDescending ? String(text.dropFirst()) : text
        do throws(FleetError) {
            attribute = try FilterAttribute(name)
        } catch {
            throw FleetError(.attributeUnknown, "sort: \(error.message)")
        }
        guard attribute.kind != .list else {
            throw FleetError(.attributeUnknown, "sort: a device has any number of \(name)s; sort by an attribute with one value")
        }
    }

    public var description: String { (isDescending ? "-" : "") + attribute.text }
}
