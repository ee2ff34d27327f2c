import Foundation

extension HostileTree {
    private static let places = [
        "tuf/targets.json", "tuf/9.root.json", "ostree_repo/config", "ostree_repo/objects/00", "ostree_repo/refs/heads/x",
        "apps/blobs/sha256/\(String(repeating: "0", count: 64))", "apps/apps/x",
    ]

    /// A link or a device in each part.
    static let kinds: [HostileTree] = places.flatMap { place in
        [
            HostileTree("a symlink at \(place.prefix(24))", .unreadable(.sourceInvalid)) { try $0.put(.link, at: place) },
            HostileTree("a FIFO at \(place.prefix(24))", .unreadable(.sourceInvalid)) { try $0.put(.fifo, at: place) },
            HostileTree("a socket at \(place.prefix(24))", .unreadable(.sourceInvalid)) { draft in
                try draft.put(.fifo, at: place)
                try draft.remove(place)
                // A node of a kind that needs no privilege, unlike a device's.
                guard mknod(draft.full(place), S_IFSOCK | 0o644, 0) == 0 else { throw POSIXError(.EIO) }
            },
        ]
    }

    private static let names: [(what: String, name: String)] = [
        ("a line end", "a\nb"), ("an escape", "a\u{1B}[31m"), ("a delete", "a\u{7F}"), ("a backslash", "a\\b"), ("a tab", "a\tb"),
    ]

    private static let folders: [String] = ["tuf", "ostree_repo/refs/heads", "apps/apps/shellhttpd"]

    static let paths: [HostileTree] =
        names.flatMap { what, name in
            folders.map { part in
                HostileTree("\(what) in a name in \(part)", .refused("update-path-invalid")) { try $0.write("\(part)/\(name)", "x") }
            }
        } + [
            HostileTree("a file seventeen levels deep", .refused("update-path-invalid")) { draft in
                try draft.write("apps/apps" + String(repeating: "/a", count: 15), "x")
            },
            HostileTree("a file a hundred levels deep", .unreadable(.sourceInvalid)) { draft in
                try draft.write("apps/apps" + String(repeating: "/a", count: 98), "x")
            },
            HostileTree("a path of more than a kibibyte", .refused("update-path-invalid")) { draft in
                try draft.write("apps/apps" + String(repeating: "/" + String(repeating: "a", count: 250), count: 5), "x")
            },
            HostileTree("a name that is no text", .unreadable(.sourceInvalid)) { draft in
                var name = Array(draft.full("tuf/").utf8.map { CChar(bitPattern: $0) }) + [CChar(bitPattern: 0xFF), 0]
                guard let file = fopen(&name, "w") else { throw POSIXError(.EIO) }
                fclose(file)
            },
        ]

    /// What is told, and keeps no device from the update.
    static let harmless: [HostileTree] = [
        HostileTree("nothing spoilt", .accepted) { _ in },
        HostileTree("another part", .warned("update-part-unknown")) { try $0.write("notes/README", "x") },
        HostileTree("a file beside the parts", .warned("update-part-unknown")) { try $0.write("README", "x") },
        HostileTree("a link beside the parts", .warned("update-part-unknown")) { try $0.put(.link, at: "latest") },
        HostileTree("an unknown file in tuf", .warned("update-part-unknown")) { try $0.write("tuf/notes.json", "x") },
        HostileTree("a ref to an absent commit", .warned("ostree-ref-dangling")) { draft in
            try draft.write("ostree_repo/refs/heads/x", String(repeating: "ab", count: 32) + "\n")
        },
        HostileTree("a ref that is none", .warned("ostree-ref-invalid")) { try $0.write("ostree_repo/refs/heads/x", "x") },
        HostileTree("something among the objects", .warned("ostree-object-name-invalid")) { try $0.write("ostree_repo/objects/ab/x", "x") },
        HostileTree("something among the blobs", .warned("oci-blob-name-invalid")) { try $0.write("apps/blobs/sha256/x", "x") },
        HostileTree("no image of the app", .warned("oci-images-absent")) { draft in
            for blob in try [draft.blob("config", of: draft.imageManifest), draft.blob("layers", of: draft.imageManifest)] {
                try draft.remove(blob)
            }
            try draft.remove(draft.imageManifest)
            try draft.remove(draft.imageIndex)
        },
        HostileTree("what a builder left in its repository", .accepted) { draft in
            try draft.write("ostree_repo/tmp/cache/x", "x")
            try draft.put(.fifo, at: "ostree_repo/state/x")
            try draft.write("ostree_repo/.lock", "")
        },
        HostileTree("no bundle", .accepted) { try $0.remove("tuf/bundle-targets.json") },
        .signed("signed here", .accepted) { _, _ in },
    ]
}
