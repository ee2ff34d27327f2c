/// Why a command ended without doing what it was asked for.
struct ControlError: Error, Sendable {
    /// The codes of sysexits(3), as far as they say something to a script.
    enum Exit: Int32, Sendable {
        case failed = 1
        case usage = 64
        case badData = 65
        case unavailable = 69
        case tryAgain = 75
        case notPermitted = 77
    }

    let exit: Exit
    let slug: String
    let detail: String

    init(_ exit: Exit, _ slug: String, _ detail: String) {
        self.exit = exit
        self.slug = slug
        self.detail = detail
    }

    /// The error that an answer of the server tells.
    init(status: UInt, problem: JSON?) {
        let exit: Exit =
            switch status {
            case 401, 403: .notPermitted
            case 400, 413, 422: .badData
            case 503: .tryAgain
            case 500...: .unavailable
            default: .failed
            }
        self.init(
            exit, problem?["slug"].string ?? "http-\(status)",
            problem?["detail"].string ?? "the server answered \(status) without saying why; is the address an OTAServe server?")
    }
}
