/// How long to wait for an answer before the same is asked again: doubling from `first` to `longest` seconds.
struct RetryDelay: Sendable {
    let first: Int64
    let longest: Int64

    static let list = RetryDelay(first: 30, longest: 900)
    static let requiredInstall = RetryDelay(first: 90, longest: 3600)
    static let order = RetryDelay(first: 30, longest: 3600)

    /// Seconds after the last of `attempts`.
    func after(_ attempts: Int) -> Int64 {
        // Far below the point where shifting would overflow.
        min(longest, first << Int64(min(max(attempts - 1, 0), 20)))
    }
}
