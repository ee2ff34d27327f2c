import Hummingbird
import Snaps

/// The body that may come with `GET /v1/models/{model}/required`, and one part of the others.
struct ModelRequest: Decodable, Sendable {
    private enum Member: String, CodingKey {
        case model
    }

    private let model: ModelName?

    init(from decoder: any Decoder) throws {
        try KnownMembers.check(decoder, [Member.model.rawValue])
        model = try decoder.container(keyedBy: Member.self).decodeIfPresent(ModelName.self, forKey: .model)
    }

    func check(_ path: ModelName) throws(Problem) { try Self.check(model, path) }

    static func check(_ model: ModelName?, _ path: ModelName) throws(Problem) {
        guard let model, model != path else { return }
        throw Problem(.badRequest, "model-differs", "the body speaks of the model \(model), the path of \(path); send one model")
    }
}
