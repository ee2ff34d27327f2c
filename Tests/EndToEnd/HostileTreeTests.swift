import Foundation
import Testing

@Suite("Links and other things in the tree")
struct HostileTreeTests {
    @Test("No link is followed, wherever in an update's path it stands; a FIFO does not stop the server")
    func links() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let marker = "SECRET-\(UUID().uuidString)"
        // A whole update with the secret in every file, outside the tree.
        let outside = "\(server.datadir)/outside"
        let object = Sample.objects()[0]
        let blob = String(repeating: "a", count: 64)
        for (folder, name) in [
            ("tuf", "targets.json"), ("ostree_repo", "config"),
            ("ostree_repo/objects/\(object.dropFirst(8).prefix(2))", String(object.dropFirst(11))),
            ("apps/blobs/sha256", blob),
        ] {
            try FileManager.default.createDirectory(atPath: "\(outside)/\(folder)", withIntermediateDirectories: true)
            try marker.write(toFile: "\(outside)/\(folder)/\(name)", atomically: false, encoding: .utf8)
        }
        let paths = ["/repo/targets.json", "/ostree/config", "/ostree/\(object)", "/registry/v2/a/blobs/sha256:\(blob)"]

        // Each replaces one part of the way from the tag's directory to a file by a link to the same part outside.
        let places = [
            "", "tuf", "tuf/targets.json", "ostree_repo", "ostree_repo/config", "ostree_repo/objects",
            "ostree_repo/\(object.dropLast(object.count - 10))",
            "ostree_repo/\(object)", "apps", "apps/blobs", "apps/blobs/sha256", "apps/blobs/sha256/\(blob)",
        ]
        for (number, place) in places.enumerated() {
            let name = "l\(number)"
            let update = server.update(name)
            try await Tool.check(["cp", "-r", "\(Binaries.samples)/ci/main/42", update])
            let target = place.isEmpty ? update : "\(update)/\(place)"
            try await Tool.check(["rm", "-rf", target])
            // Absolute links and relative ones.
            let up = String(repeating: "../", count: 4 + (place.isEmpty ? 0 : place.split(separator: "/").count) - 1)
            let destination = number % 2 == 0 ? "\(outside)/\(place)" : "\(up)outside/\(place)"
            try await Tool.check(["ln", "-s", destination, target])
            let seen = FileManager.default.fileExists(atPath: target)
            #expect(seen, "the link to \(destination) leads nowhere")
        }
        // The tag's directory itself.
        try await Tool.check(["mkdir", "-p", "\(outside)-tag"])
        try await Tool.check(["cp", "-r", outside, "\(outside)-tag/42"])
        try await Tool.check(["ln", "-s", "\(outside)-tag", "\(server.datadir)/updates/ci/linked"])

        let device = try await server.device("one")
        #expect(try await device.get("/device", tag: "main").status == 200)
        for number in places.indices {
            _ = try? await server.rollout("l\(number)", to: ["one"])
            // A name that a rollout does not take is put into the record as an editor of the database would.
            if try await server.api("GET", "/v1/devices/one").json["updateName"] as? String != "l\(number)" {
                try await Self.assign("l\(number)", in: server)
            }
            for path in paths {
                let answer = try await device.get(path)
                #expect(!answer.text.contains(marker), "\(places[number]): \(path)")
                #expect(answer.status == 404 || answer.status == 200, "\(places[number]): \(path): \(answer)")
            }
        }
        try await Self.assign("42", in: server)
        for path in paths {
            let answer = try await device.get(path, tag: "linked")
            #expect(answer.status == 404 && !answer.text.contains(marker), "\(path): \(answer)")
        }

        // A FIFO, a directory and a socket where files should be.
        let update = server.update()
        for (place, command) in [
            ("tuf/targets.json", ["mkfifo"]), ("ostree_repo/config", ["mkfifo"]), ("ostree_repo/\(object)", ["mkdir"]),
            (
                "apps/blobs/sha256/\(blob)",
                [
                    "python3", "-c",
                    "import os, socket, sys; os.chdir(os.path.dirname(sys.argv[1])); socket.socket(socket.AF_UNIX).bind(os.path.basename(sys.argv[1]))",
                ]
            ),
        ] {
            try await Tool.check(["rm", "-rf", "\(update)/\(place)"])
            try await Tool.check(command + ["\(update)/\(place)"])
        }
        for path in paths {
            let answer = try await device.get(path, tag: "main", ["--max-time", "10"])
            #expect(answer.status == 404, "\(path): \(answer)")
        }
        #expect(try await device.get("/repo/snapshot.json").status == 200)
        let isSaid = await eventually { server.logText.contains("content_refused") }
        #expect(isSaid)
    }

    /// Writes the assignment into the database while the server is down.
    private static func assign(_ update: String, in server: TestServer) async throws {
        #expect(await server.terminate() == 0)
        try await Tool.check(
            [
                "python3", "-c",
                "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute('update devices set update_name = ?', [sys.argv[2]]); d.commit()",
                "\(server.datadir)/db.sqlite", update,
            ])
        try await server.launch()
    }
}
