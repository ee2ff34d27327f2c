import ArgumentParser
import Fleet
import Persistence
import SiteSync

struct ImportReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-report", abstract: "Take in the report that a stick brought back from a site.")

    @ParentCommand var bundle: BundleCommand
    @Argument(help: "The file of 'bundle report'.") var file: String

    func run() async throws {
        let data = try bundle.root.dataDirectory()
        let intake = SiteReporting.intake(
            datadir: bundle.root.datadir, store: try SiteReportFiles(dataDirectory: data), audit: try AuditFiles(dataDirectory: data))
        let receipt = try await intake.accept(BundleFiles.read(file, limit: SiteReportEnvelope.largest), from: nil)
        print("site \(receipt.site): \(receipt.devices) devices as of \(PKIFile.time(receipt.asOf))")
        if receipt.passedOver > 0 {
            print("\(receipt.passedOver) updates and devices were passed over: the site's certificate does not grant their tags")
        }
    }
}
