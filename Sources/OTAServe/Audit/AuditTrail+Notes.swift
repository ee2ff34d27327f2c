import Fleet
import Logging

extension AuditTrail {
    /// Writes down what the server did by itself. What was done is done: when the line cannot be written, the log says so.
    func note(_ actor: AuditEntry.Actor, _ action: String, _ subject: String, _ outcome: String, _ logger: Logger) async {
        do {
            try await record(AuditEntry(time: Assembly.clock(), actor: actor, action: action, subject: subject, outcome: outcome))
        } catch {
            logger.error("audit_failed", metadata: ["action": "\(action)", "subject": "\(subject)", "error": "\(error)"])
        }
    }
}
