/// What happens to a client's connection; for logs and for tests.
public enum MQTTEvent: Equatable, Sendable {
    /// - Parameter hadSession: the broker knew us and has kept subscriptions and messages.
    case connected(hadSession: Bool)
    /// The connection ended, or did not come about; the client tries again by itself.
    case disconnected(MQTTError)
    /// A message that nobody waits for was not delivered.
    case notDelivered(topic: String, MQTTError)
    /// The broker has agreed to a subscription, the first time or after a reconnection.
    case subscribed(filter: String)
    case subscriptionRefused(filter: String)
    /// Messages that came and were thrown away, since the start: the inbox was full, or they were too large.
    case dropped(total: Int)
}
