import Fleet
import FoundationEssentials
import Hummingbird

/// The answer as existing agents read it. An empty `code` is success; bytes are base64 of PEM text; the port is text.
struct EnrolmentDocument: Encodable {
    struct Enrollment: Encodable {
        let id: String
        let device: Device
        let credentials: Credentials
        let organization: Organization
        /// 1 waiting, 2 enrolled, 3 disabled.
        let status: Int
    }

    struct Device: Encodable {
        let brand: String
        let model: String
        let serial: String
        let store: String
        let deviceKey: String
    }

    struct Credentials: Encodable {
        let privateKey: Data
        let certificate: Data
        let mqttUrl: String
        let mqttPort: String
    }

    struct Organization: Encodable {
        let id: String
        let name: String
        let rootcert: Data
    }

    let code: String
    let message: String
    let enrollment: Enrollment?

    static func refusal(code: String, message: String) -> EnrolmentDocument {
        EnrolmentDocument(code: code, message: message, enrollment: nil)
    }

    private init(code: String, message: String, enrollment: Enrollment?) {
        self.code = code
        self.message = message
        self.enrollment = enrollment
    }

    init(_ grant: EnrolmentGrant, broker: EnrolmentSettings.Broker) {
        let (record, assertions, credentials) = (grant.record, grant.assertions, grant.credentials)
        self.init(
            code: "", message: "",
            enrollment: Enrollment(
                id: record.device.text,
                device: Device(
                    brand: record.subject.brand.text, model: record.subject.model.text, serial: record.subject.serial.text,
                    store: assertions.model.store ?? "", deviceKey: assertions.serial.deviceKey),
                credentials: Credentials(
                    privateKey: Data(credentials.privateKeyPEM.utf8), certificate: Data(credentials.certificatePEM.utf8),
                    mqttUrl: broker.host, mqttPort: "\(broker.port)"),
                organization: Organization(
                    id: record.organization.text, name: record.organization.text, rootcert: Data(credentials.rootPEM.utf8)),
                status: 2))
    }

    func response(_ status: HTTPResponse.Status) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts and base64: there is nothing in it that JSON cannot say.
        guard let data = try? encoder.encode(self) else { return Response(status: .internalServerError) }
        return Response(
            status: status,
            headers: [.contentType: "application/json; charset=UTF-8", .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }
}
