/// What a listener asks the operator's side for.
struct EventStreamRequest: Sendable {
    var path: String
    var authority: String
    var token: String
}
