import NIOCore

/// A device's list of snaps once, then its heartbeat over and over.
struct DeviceHeartbeats: RequestSource {
    private static let hashes =
        #""snapListHash":"\#(String(repeating: "a", count: 64))","installedSnapsHash":"\#(String(repeating: "b", count: 64))""#
    private static let snaps = (1...20).map { #"{"name":"snap-\#($0)","revision":"\#($0)","status":"active","version":"1.0"}"# }

    private let list: HTTPRequest
    private let heartbeat: HTTPRequest
    private var hasListed = false

    init(authority: String) {
        func post(_ path: String, _ body: String) -> HTTPRequest {
            HTTPRequest(
                method: "POST", path: path, authority: authority, headers: [("Content-Type", "application/json")],
                body: ByteBuffer(string: body))
        }
        list = post(
            "/snaps/answers",
            #"{"id":"","action":"list","success":true,"version":"2","result":{\#(Self.hashes),"snaps":[\#(Self.snaps.joined(separator: ","))]}}"#
        )
        heartbeat = post("/snaps/heartbeat", #"{"orgId":"bench","refresh":"2025-01-01T00:00:00Z",\#(Self.hashes)}"#)
    }

    mutating func next() -> HTTPRequest {
        defer { hasListed = true }
        return hasListed ? heartbeat : list
    }
}
