import Foundation
import Testing

@Suite("How content is delivered")
struct DeliveryTests {
    @Test("HEAD, ranges and tags mean over both protocols what RFC 9110 says", arguments: ["--http1.1", "--http2"])
    func semantics(version: String) async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.assignedDevice("one")
        let object = try #require(Sample.objects().first { $0.hasSuffix(".filez") })
        let blob = try #require(try Sample.blobs().first { Sample.file("apps/blobs/sha256/\($0)")?.count ?? 0 > 100 })
        let digest = object.dropFirst(8).replacing("/", with: "")
        let files: [(path: String, file: Data?, etag: String?)] = [
            ("/ostree/\(object)", Sample.file("ostree_repo/\(object)"), "\"\(digest)\""),
            ("/ostree/config", Sample.file("ostree_repo/config"), nil),
            ("/registry/v2/test/app/blobs/sha256:\(blob)", Sample.file("apps/blobs/sha256/\(blob)"), "\"sha256:\(blob)\""),
            ("/repo/targets.json", Sample.file("tuf/targets.json"), nil),
        ]
        for (path, file, etag) in files {
            let file = try #require(file)
            func get(_ fields: String...) async throws -> Answer { try await device.get(path, [version] + fields.flatMap { ["-H", $0] }) }
            let whole = try await get()
            #expect(whole.status == 200 && whole.body == file, "\(path): \(whole)")
            #expect(whole.headers["content-length"] == "\(file.count)" && whole.headers["accept-ranges"] == "bytes")
            #expect(whole.headers["last-modified"]?.hasSuffix(" GMT") == true && whole.headers["date"]?.hasSuffix(" GMT") == true)
            #expect(whole.headers["transfer-encoding"] == nil && whole.headers["content-encoding"] == nil)
            let tag = try #require(whole.headers["etag"])
            #expect(tag.hasPrefix("\"") && (etag ?? tag) == tag)

            let head = try await device.request("HEAD", path, [version])
            #expect(head.status == 200 && head.headers["content-length"] == "\(file.count)" && head.headers["etag"] == tag)
            #expect(head.curlStatus == 0, "\(head.errors)")

            let size = file.count
            let ranges: [(String, Range<Int>)] = [
                ("bytes=0-0", 0..<1), ("bytes=5-9", 5..<10), ("bytes=7-", 7..<size), ("bytes=-4", size - 4..<size),
                ("bytes=0-999999999", 0..<size), ("bytes=-999999999", 0..<size),
            ]
            for (range, part) in ranges {
                let answer = try await get("Range: \(range)")
                #expect(answer.status == 206 && answer.body == file.subdata(in: part), "\(path) \(range): \(answer)")
                #expect(answer.headers["content-range"] == "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)")
                #expect(answer.headers["content-length"] == "\(part.count)" && answer.headers["etag"] == tag)
            }
            for range in ["bytes=\(size)-", "bytes=-0", "bytes=999999999-"] {
                let answer = try await get("Range: \(range)")
                #expect(answer.status == 416 && answer.headers["content-range"] == "bytes */\(size)", "\(range): \(answer)")
            }
            for range in ["bytes=0-1,3-4", "bytes=4-2", "bytes=-", "bytes=", "lines=0-1", "bytes=a-b", "bytes=1-2-3", "bytes=+1-2"] {
                let answer = try await get("Range: \(range)")
                #expect(answer.status == 200 && answer.body == file, "\(range): \(answer)")
            }
            #expect(try await device.request("HEAD", path, [version, "-H", "Range: bytes=0-1"]).status == 200)
            #expect(try await get("Range: bytes=0-1", "If-Range: \(tag)").status == 206)
            for other in ["\"other\"", "W/\(tag)", "Sun, 06 Nov 1994 08:49:37 GMT"] {
                #expect(try await get("Range: bytes=0-1", "If-Range: \(other)").status == 200, "\(other)")
            }
            for known in [tag, "W/\(tag)", "\"a\", \(tag)", "*"] {
                let answer = try await get("If-None-Match: \(known)")
                #expect(answer.status == 304 && answer.body.isEmpty && answer.headers["etag"] == tag, "\(known): \(answer)")
            }
            #expect(try await get("If-None-Match: \"other\"").status == 200)
        }
        // A plus in a path is a plus, whether it is escaped or not.
        let delta = try #require(Self.delta())
        #expect(delta.contains("+"))
        _ = try await server.rollout("43", to: ["one"])
        for path in [delta, delta.replacing("+", with: "%2B"), delta.replacing("-", with: "%2d")] {
            let answer = try await device.get("/ostree/\(path)", [version])
            #expect(answer.status == 200 && answer.body == Sample.file("ostree_repo/\(delta)", of: "ci/main/43"), "\(path)")
        }
        #expect(try await device.get("/ostree/\(delta.replacing("+", with: "%20"))", [version]).status == 404)
    }

    /// The path of the sample's delta, below `ostree_repo/`.
    private static func delta() -> String? {
        let root = "\(Binaries.samples)/ci/main/43/ostree_repo"
        let all = FileManager.default.enumerator(atPath: "\(root)/deltas")?.compactMap { $0 as? String } ?? []
        return all.first { $0.hasSuffix("/superblock") }.map { "deltas/\($0)" }
    }

    @Test("One connection serves many requests, pipelined ones in their order, until one says close")
    func persistence() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.assignedDevice("one")
        let objects = Sample.objects().prefix(12)
        // Each answer is told from the others by its tag; HEAD and errors between must not shift the frames.
        var text = ""
        for (index, object) in objects.enumerated() {
            let method = index % 3 == 1 ? "HEAD" : "GET"
            text += "\(method) /ostree/\(object) HTTP/1.1\r\nHost: x\r\n\r\n"
            if index % 4 == 2 { text += "HEAD /repo/99.root.json HTTP/1.1\r\nHost: x\r\n\r\n" }
            if index % 4 == 3 { text += "PUT /device HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nGET " }
            if index % 4 == 1 { text += "PUT /ecus HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nGET " }
        }
        text += "GET /device HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Close\r\n\r\nGET /device HTTP/1.1\r\nHost: x\r\n\r\n"
        let answers = try Self.split(try await device.tls(Data(text.utf8), ["-quiet", "-alpn", "http/1.1"]).output, requests: text)
        var expected: [String] = []
        for (index, object) in objects.enumerated() {
            expected.append("200 \"\(object.dropFirst(8).replacing("/", with: ""))\"")
            if index % 4 == 2 { expected.append("404 ") }
            if index % 4 == 3 { expected.append("405 ") }
            if index % 4 == 1 { expected.append("200 ") }
        }
        #expect(answers == expected + ["200 "])

        // HTTP/1.0 ends the connection unless asked otherwise.
        let old = try await device.raw("GET /device HTTP/1.0\r\n\r\nGET /device HTTP/1.0\r\n\r\n")
        #expect(old.components(separatedBy: "HTTP/1.1 200").count == 2)
    }

    /// Status and tag of every answer of a connection; throws when its frames do not fit the requests.
    private static func split(_ bytes: Data, requests: String) throws -> [String] {
        struct Torn: Error { let rest: String }
        let methods = requests.components(separatedBy: "\r\n").filter { $0.hasSuffix(" HTTP/1.1") }
        var found: [String] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let end = rest.firstRange(of: Data("\r\n\r\n".utf8)) else { throw Torn(rest: String(decoding: rest, as: UTF8.self)) }
            let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
            func field(_ name: String) -> String? { lines.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) } }
            guard lines[0].hasPrefix("HTTP/1.1 "), found.count < methods.count else {
                throw Torn(rest: String(decoding: rest, as: UTF8.self))
            }
            // A request line that was a body would be one too many here, and is seen by the order of the answers.
            let isHead = methods[found.count].contains("HEAD /")
            found.append("\(lines[0].dropFirst(9).prefix(3)) \(field("etag") ?? "")")
            rest = rest[end.upperBound...].dropFirst(isHead ? 0 : Int(field("content-length") ?? "") ?? 0)
        }
        return found
    }

    @Test("An update is served as soon as it lies in its place, and no longer once it is moved away")
    func moves() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.assignedDevice("one")
        let object = "/ostree/\(Sample.objects()[0])"
        #expect(try await device.get(object).status == 200)
        let connection = try KeptConnection(device)
        #expect(try await connection.request("GET", "/repo/targets.json").status == 200)

        let away = "\(server.datadir)/away"
        try await Tool.check(["mv", server.update(), away])
        let isGone = try await eventually { try await connection.request("GET", "/repo/targets.json").slug == "update-missing" }
        #expect(isGone)
        let isGoneToo = try await eventually { try await device.get(object).slug == "update-missing" }
        #expect(isGoneToo)

        // Another update under the same name: every file of it is the new one.
        try await Tool.check(["cp", "-r", "\(Binaries.samples)/ci/main/43", "\(server.datadir)/next"])
        try await Tool.check(["mv", "\(server.datadir)/next", server.update()])
        let new = Sample.file("tuf/targets.json", of: "ci/main/43")
        let isNew = try await eventually { try await device.get("/repo/targets.json").body == new }
        #expect(isNew)
        let isNewToo = try await eventually {
            try await connection.request("GET", "/repo/targets.json").text == String(decoding: new ?? Data(), as: UTF8.self)
        }
        #expect(isNewToo)
        // One file that is replaced by another: the tag goes with it.
        let before = try await device.get("/ostree/summary").headers["etag"]
        try Data("fresh".utf8).write(to: URL(fileURLWithPath: "\(server.update())/ostree_repo/summary"), options: .atomic)
        let isFresh = try await eventually {
            let answer = try await device.get("/ostree/summary")
            return answer.text == "fresh" && answer.headers["etag"] != before
        }
        #expect(isFresh)
    }
}
