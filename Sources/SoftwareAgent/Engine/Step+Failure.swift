/// What a step's error means for the decisions.
extension Step {
    func event(of error: SoftwareAgentError) -> AgentEvent {
        switch (self, error.code) {
        case (.perform, .orderInvalid), (.perform, .snapdAnswerInvalid):
            .performed(success: false, message: error.message, result: nil)
        // A file that is gone or can not be read: it is fetched anew.
        case (.install, .storage): .refused(SnapdRefusal(status: 0, kind: nil, message: error.message), .required)
        // snapd has no list to publish now.
        case (.publishList, .snapdUnreachable), (.publishList, .snapdAnswerInvalid), (.publishList, .snapdRefused): .snapdFailed
        // Whatever kept a message from the server, also settings that can not be read: it is sent again after a wait.
        case (.heartbeat, _), (.deliver, _), (.publishList, _), (_, .serverUnreachable), (_, .serverRefused): .serverFailed
        default: .snapdFailed
        }
    }
}
