/// What a brand says a kind of device is. Source: snapd, `asserts`, type `model`.
public struct ModelAssertion: Equatable, Sendable {
    public let brand: BrandID
    public let model: ModelName
    /// The brand's store, when it has one of its own.
    public let store: String?

    /// - Throws: ``SnapsError/Code/assertionInvalid``, ``SnapsError/Code/brandInvalid``, ``SnapsError/Code/modelNameInvalid``.
    public init(_ assertion: Assertion) throws(SnapsError) {
        guard assertion.type == "model" else {
            throw .invalid("a model assertion is needed, this is one of type \(assertion.type.prefix(40))")
        }
        brand = try BrandID(assertion.required("brand-id"))
        model = try ModelName(assertion.required("model"))
        guard try assertion.required("authority-id") == brand.text else {
            throw .invalid("the model assertion is not by the brand \(brand) itself")
        }
        _ = try assertion.required("series")
        store = assertion["store"].flatMap { $0.utf8.count <= SerialNumber.longest ? $0 : nil }
    }
}

extension Assertion {
    /// A header that must be there.
    func required(_ name: String) throws(SnapsError) -> String {
        guard let value = self[name], !value.isEmpty else { throw .invalid("the \(type.prefix(40)) assertion has no \(name)") }
        return value
    }
}

extension SnapsError {
    static func invalid(_ what: String) -> SnapsError {
        SnapsError(.assertionInvalid, "\(what); send what snap known model and snap known serial print")
    }
}
