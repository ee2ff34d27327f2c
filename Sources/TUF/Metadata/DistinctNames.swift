/// Refuses names of which two look equal and differ in their bytes: whatever is done by the one would be read as done by
/// the other.
struct DistinctNames {
    private var seen = Set<String>()

    /// Names of ASCII alone look equal only when they are.
    mutating func insert(_ name: String) throws(TUFError) {
        guard name.utf8.contains(where: { $0 >= 0x80 }) else { return }
        // Texts are equal here when they are canonically equivalent.
        guard seen.insert(name).inserted else {
            throw TUFError(.nameAmbiguous, "two names look like \(quoted(name)) and differ in their bytes; write one of them")
        }
    }
}
