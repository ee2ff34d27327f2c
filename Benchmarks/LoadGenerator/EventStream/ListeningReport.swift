/// The one line of JSON that `listeners` prints.
struct ListeningReport: Encodable {
    var command = "listeners"
    var listeners: Int
    var events: Int
    var deliveries: Int
    /// Deliveries that did not come in time.
    var missing: Int
    /// Deliveries recognised by the id of the event; the others by the text of `--match`.
    var matchedByIdentifier: Int
    var errors: Int
    var errorReasons: [String: Int]
    var delayMilliseconds: LoadReport.Milliseconds
    /// From sending to the answer 200.
    var acknowledgedMilliseconds: LoadReport.Milliseconds
    var seconds: Double
    var ownCPUSeconds: Double
    var watchedCPUSeconds: Double?
}
