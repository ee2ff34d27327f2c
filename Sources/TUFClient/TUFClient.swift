import ArgumentParser
import Foundation
import TUF

/// `tuf-client`: follows a TUF repository. Speaks the command line of the TUF conformance suite.
@main
enum TUFClient {
    static func main() async {
        do {
            let command = try TUFClientCommand.parse()
            try await command.run()
        } catch let error as TUFError {
            fail(error.code.rawValue, error.message)
        } catch {
            guard TUFClientCommand.exitCode(for: error) == .success else {
                fail("usage", TUFClientCommand.message(for: error))
            }
            print(TUFClientCommand.message(for: error))
        }
    }

    /// The callers know 0 and 1 alone.
    private static func fail(_ slug: String, _ message: String) -> Never {
        FileHandle.standardError.write(Data("tuf-client: \(slug): \(message)\n".utf8))
        exit(1)
    }
}
