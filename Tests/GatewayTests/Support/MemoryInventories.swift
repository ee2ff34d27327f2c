import Crypto
import NIOPosix
import Testing
import UpdateTree

/// Inventories as a test wants them.
struct MemoryInventories: UpdateInventories {
    struct Unreadable: Error {}

    var texts: [UpdateKey: String] = [:]
    var fails = false

    func listed() throws -> [ListedUpdate] {
        try look()
        return try texts.map { key, text in
            let hex = SHA256.hash(data: Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            return ListedUpdate(
                key: key, inventory: try Digest(hex: hex), bytes: Int64(text.utf8.count) * 10, files: text.split(separator: "\n").count)
        }
    }

    func inventoryText(of update: UpdateKey) throws -> [UInt8]? {
        try look()
        return texts[update].map { Array($0.utf8) }
    }

    private func look() throws {
        #expect(MultiThreadedEventLoopGroup.currentEventLoop == nil, "files are read on an event loop")
        if fails { throw Unreadable() }
    }
}

func key(_ path: String) throws -> UpdateKey {
    let parts = path.split(separator: "/")
    return UpdateKey(channel: try Channel(String(parts[0])), tag: try UpdateTree.Tag(parts[1]), name: try UpdateName(parts[2]))
}
