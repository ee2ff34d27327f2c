import ArgumentParser
import Foundation
import SiteSync

struct BundleHaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "have", abstract: "Write down what this installation has, so that a bundle for it can leave that out.")

    @ParentCommand var bundle: BundleCommand
    @Option(name: .shortAndLong, help: "The file; standard output unless given.") var output: String?

    func run() throws {
        let have = try BundleHave.of(bundle.root.library())
        try BundleFiles.write(have.encoded(), to: output)
        StandardError.print("\(have.updates.count) updates, \(have.contents.count) files that updates share")
    }
}
