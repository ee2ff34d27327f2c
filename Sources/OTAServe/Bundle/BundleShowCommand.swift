import ArgumentParser
import SiteSync

struct BundleShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Say what a bundle holds and who signed it.")

    @ParentCommand var bundle: BundleCommand
    @Argument(help: "A bundle's directory or tar file.") var source: String
    @Option(help: ArgumentHelp("The root whose servers are trusted; site/root.crt or certs/root.crt unless given.", valueName: "file"))
    var root: String?
    @Option(name: .shortAndLong, help: "table or json.") var output: OutputFormat = .table

    func run() throws {
        let opened = try Bundle.open(path: source)
        let manifest = opened.manifest
        guard output == .table else { return try OutputFormat.printJSON(manifest) }
        print(
            "made at \(manifest.madeAt) by \(manifest.madeBy.debugDescription), for \(manifest.site.map(\.debugDescription) ?? "any site")")
        print(
            "\(manifest.content.files) shared files, \(ByteCount.text(manifest.content.bytes)); left out \(manifest.leftOut.files), \(ByteCount.text(manifest.leftOut.bytes))"
        )
        OutputFormat.printTable(
            ["UPDATE", "FILES", "SIZE", "INVENTORY"],
            manifest.updates.map { [$0.key.path, String($0.files), ByteCount.text($0.bytes), $0.inventory] })
        // Last: what is above is only what the bundle says.
        print("signed by \(try opened.signer(by: bundle.root.bundleTrust(root: root), now: Assembly.clock()))")
    }
}
