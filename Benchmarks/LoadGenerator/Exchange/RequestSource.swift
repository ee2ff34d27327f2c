/// Where a workload gets its requests from.
protocol RequestSource: Sendable {
    mutating func next() -> HTTPRequest
}
