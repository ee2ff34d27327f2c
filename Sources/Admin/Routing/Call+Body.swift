import FoundationEssentials
import Hummingbird
import NIOCore

extension Call {
    /// Bytes of most bodies.
    static let mostBytes = 1 << 20
    /// Bytes of bodies that list devices.
    static let mostBytesOfDevices = 64 << 20

    /// Reads the body as JSON. Members that are not known are ignored; one of a wrong type is named.
    func body<Value: Decodable>(_ type: Value.Type, limit: Int = mostBytes) async throws -> Value {
        try Self.parse(type, await bytes(limit: limit))
    }

    /// The same; nil when there is no body.
    func optionalBody<Value: Decodable>(_ type: Value.Type) async throws -> Value? {
        let bytes = try await bytes(limit: Self.mostBytes)
        return bytes.readableBytes == 0 ? nil : try Self.parse(type, bytes)
    }

    private static func parse<Value: Decodable>(_ type: Value.Type, _ bytes: ByteBuffer) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes.readableBytesView))
        } catch let error as DecodingError {
            throw Problem(.badRequest, "body-invalid", Self.sentence(error))
        }
    }

    private func bytes(limit: Int) async throws -> ByteBuffer {
        let tooLarge = Problem(.contentTooLarge, "body-too-large", "the body may have \(limit) bytes; send less at once")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        do {
            return try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }

    private static func sentence(_ error: DecodingError) -> String {
        switch error {
        case .typeMismatch(let type, let context): "\(member(context.codingPath)) must be \(article(type))"
        case .valueNotFound(let type, let context): "\(member(context.codingPath)) must be \(article(type)), not null"
        case .keyNotFound(let key, let context): "\(member(context.codingPath + [key])) is missing"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "the body is no JSON document" : "\(member(context.codingPath)): \(reason(context))"
        @unknown default: "the body cannot be read"
        }
    }

    /// Such as `devices[3]`.
    private static func member(_ path: [any CodingKey]) -> String {
        var text = ""
        for key in path {
            if let index = key.intValue { text += "[\(index)]" } else { text += text.isEmpty ? key.stringValue : ".\(key.stringValue)" }
        }
        return text.isEmpty ? "the body" : text
    }

    private static func article(_ type: any Any.Type) -> String {
        switch type {
        case is Bool.Type: "true or false"
        case is String.Type: "a string"
        case is any FixedWidthInteger.Type: "a whole number"
        case is any Collection.Type: "a list"
        default: "an object"
        }
    }

    private static func reason(_ context: DecodingError.Context) -> String { context.debugDescription }
}
