import ArgumentParser
import Foundation

/// Where the process begins: parse, run, and turn an error into one line and an exit code.
@main
enum EntryPoint {
    static func main() async {
        // A peer that went away must be an error of a write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try OTAServe.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            if let failure = ExitStatus(error) {
                StandardError.print("otaserve: \(error)")
                exit(failure.rawValue)
            }
            // Usage, help and version are the argument parser's to say.
            OTAServe.exit(withError: error)
        }
    }
}
