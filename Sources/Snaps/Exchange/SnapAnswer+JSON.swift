import Foundation

extension SnapAnswer {
    private struct Head: Decodable {
        let id: String?
        let action: String?
        let success: Bool?
        let message: String?
        let state: Progress?

        enum CodingKeys: String, CodingKey { case id, action, success, message, state }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.decodeIfPresent(String.self, forKey: .id)
            action = try container.decodeIfPresent(String.self, forKey: .action)
            success = try? container.decodeIfPresent(Bool.self, forKey: .success)
            message = try? container.decodeIfPresent(String.self, forKey: .message)
            state = try? container.decodeIfPresent(Progress.self, forKey: .state)
        }
    }

    /// Version 1 has the snaps as the result, version 2 an object around them.
    private struct ListBody: Decodable {
        let result: SnapList?

        enum CodingKeys: String, CodingKey { case result }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            if let snaps = try? container.nestedUnkeyedContainer(forKey: .result) {
                result = SnapList(hashes: nil, snaps: try SnapList.snaps(in: snaps))
            } else {
                result = try container.decodeIfPresent(SnapList.self, forKey: .result)
            }
        }
    }

    /// Reads the JSON object. A missing `success` is false; members that are absent or null are no error, except `id` and `action`.
    ///
    /// - Throws: ``SnapsError/Code/answerInvalid``; ``SnapsError/Code/listInvalid`` for a list that cannot be kept.
    public init(parsing bytes: [UInt8]) throws(SnapsError) {
        let data = Data(bytes)
        guard bytes.count <= Self.largest, let head = try? JSONDecoder().decode(Head.self, from: data), let action = head.action,
            (1...64).contains(action.utf8.count)
        else {
            throw SnapsError(.answerInvalid, "the answer is no JSON object of at most \(Self.largest) bytes with texts as id and action")
        }
        let id = head.id ?? ""
        guard id.utf8.count <= 128 else { throw SnapsError(.answerInvalid, "the id of an answer has at most 128 characters") }
        self.id = id
        self.action = action
        success = head.success ?? false
        message = Self.cut(head.message ?? "", to: Self.longestMessage)
        progress = head.state
        if action == SnapAction.list.rawValue, success {
            list = try Self.list(in: data)
            result = nil
        } else {
            list = nil
            result = Self.result(in: data)
        }
    }

    private static func list(in data: Data) throws(SnapsError) -> SnapList {
        guard let list = (try? JSONDecoder().decode(ListBody.self, from: data))?.result else {
            throw SnapsError(
                .listInvalid,
                "the list's result is neither an array of snaps nor an object with snaps: at most \(SnapList.most), each with a valid name")
        }
        _ = try SnapHashes(list: list.snapListHash, names: list.installedSnapsHash, refusedAs: .listInvalid)
        return list
    }

    /// Whatever an agent sends there, as text.
    private static func result(in data: Data) -> String? {
        guard let object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any], let result = object["result"],
            !(result is NSNull),
            let text = try? JSONSerialization.data(
                withJSONObject: result, options: [.fragmentsAllowed, .withoutEscapingSlashes])
        else { return nil }
        return cut(String(decoding: text, as: UTF8.self), to: longestResult)
    }

    /// At most so many bytes, whole characters.
    private static func cut(_ text: String, to count: Int) -> String {
        guard text.utf8.count > count else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: count)
        // Not in the middle of a character's bytes; three at most are taken back.
        while text.utf8[end] & 0xC0 == 0x80 { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }

    /// As the agent sends it; a list as version 2.
    public var json: [UInt8] {
        struct Document: Encodable {
            let id, action: String
            let success: Bool
            let message: String
            let version: String?
            let result: Result?
            let state: Progress?
        }
        enum Result: Encodable {
            case list(SnapList)
            case text(String)

            func encode(to encoder: any Encoder) throws {
                switch self {
                case .list(let list): try list.encode(to: encoder)
                case .text(let text): try text.encode(to: encoder)
                }
            }
        }
        return JSONText.encode(
            Document(
                id: id, action: action, success: success, message: message, version: list == nil ? nil : "2",
                result: list.map(Result.list) ?? result.map(Result.text), state: progress))
    }
}
