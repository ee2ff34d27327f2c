import Fleet

/// Everything that is known of a site, with a page of its devices.
struct SiteDetailDocument: Encodable, Sendable {
    struct Target: Encodable, Sendable {
        let name: String
        let devices: Int
    }

    private enum Member: CodingKey {
        case certificate, passedOver, targets, devicePage, nextCursor
    }

    let site: SiteDocument
    let receipt: SiteReceipt
    let targets: [Target]
    let devicePage: [SiteDeviceDocument]
    let nextCursor: Nullable<String>

    init(_ receipt: SiteReceipt, _ report: SiteReport, page: [SiteReport.Device], nextCursor: String?) {
        site = SiteDocument(receipt)
        self.receipt = receipt
        targets = report.targets.map { Target(name: $0.key, devices: $0.value) }.sorted { $0.name < $1.name }
        devicePage = page.map(SiteDeviceDocument.init)
        self.nextCursor = Nullable(nextCursor)
    }

    func encode(to encoder: any Encoder) throws {
        try site.encode(to: encoder)
        var container = encoder.container(keyedBy: Member.self)
        try container.encode(receipt.certificate, forKey: .certificate)
        try container.encode(receipt.passedOver, forKey: .passedOver)
        try container.encode(targets, forKey: .targets)
        try container.encode(devicePage, forKey: .devicePage)
        try container.encode(nextCursor, forKey: .nextCursor)
    }
}
