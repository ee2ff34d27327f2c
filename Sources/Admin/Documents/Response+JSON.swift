import FoundationEssentials
import Hummingbird
import NIOCore

extension Response {
    static func json(_ document: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The documents hold texts, numbers and lists of them: there is nothing in them that JSON cannot say.
        guard let data = try? encoder.encode(document) else { return Response(status: .internalServerError) }
        return bytes(data, type: "application/json", status: status)
    }

    static func bytes(_ bytes: some Collection<UInt8>, type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static var noContent: Response { Response(status: .noContent) }
}
