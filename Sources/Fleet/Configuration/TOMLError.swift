/// Why a text is no TOML document that can be merged.
struct TOMLError: Error, Equatable {
    /// Counts from 1.
    let line: Int
    let reason: String
}
