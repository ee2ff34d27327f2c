import NIOCore

/// One open connection that works through a workload. Used on its event loop only.
protocol LoadClient: AnyObject {
    var channel: (any Channel)? { get }

    /// The number of requests this connection has under way at the same time.
    var lanes: Int { get }

    /// Takes requests from the workload until there are none, on all lanes; the previous workload must have ended.
    func run(_ workload: Workload)
}
