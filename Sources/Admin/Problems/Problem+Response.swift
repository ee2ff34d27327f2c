import Hummingbird

extension Problem {
    private struct Document: Encodable {
        let type: String
        let title: String
        let status: Int
        let slug: String
        let detail: String
        /// Left out when there is none.
        let position: Int?
    }

    var response: Response {
        let document = Document(
            type: "urn:otaserve:problem:\(slug)", title: title, status: status.code, slug: slug, detail: detail,
            position: position)
        var response = Response.json(document, status: status)
        response.headers[.contentType] = "application/problem+json"
        for header in headers { response.headers[header.name] = header.value }
        return response
    }
}
