/// The same requests over and over, in order.
struct CyclingRequests: RequestSource {
    private let requests: [HTTPRequest]
    private var position: Int

    /// - Parameter start: where to begin, so that several loops do not ask for the same file at the same moment.
    init(_ requests: [HTTPRequest], startingAt start: Int = 0) {
        precondition(!requests.isEmpty, "a source needs at least one request")
        self.requests = requests
        self.position = start % requests.count
    }

    mutating func next() -> HTTPRequest {
        let request = requests[position]
        position += 1
        if position == requests.count { position = 0 }
        return request
    }
}
