import StrictJSON

extension JSONElement? {
    /// `Optional.map` rethrows untyped.
    func map<Value>(_ transform: (JSONElement) throws(TUFError) -> Value) throws(TUFError) -> Value? {
        guard let self else { return nil }
        return try transform(self)
    }
}
