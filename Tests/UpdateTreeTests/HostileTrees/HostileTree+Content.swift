import Foundation

extension HostileTree {
    private static let kindsOfObjects = ["commit", "dirtree", "dirmeta", "filez"]

    private static let brokenObjects = kindsOfObjects.flatMap { kind in
        [
            HostileTree("a \(kind) missing", .refused("ostree-object-missing")) { try $0.remove($0.object(kind)) },
            HostileTree("a flipped bit in a \(kind)", .refused(kind == "filez" ? "ostree-size-mismatch" : "ostree-digest-mismatch")) {
                draft in
                // Of a file the size in its header: the content is compressed, and might not even inflate.
                try draft.flip(draft.object(kind), at: kind == "filez" ? 12 : -2)
            },
            HostileTree("a \(kind) without a byte", .refused(kind == "filez" ? "ostree-content-truncated" : "ostree-digest-mismatch")) {
                draft in
                try draft.change(draft.object(kind)) { $0 = [] }
            },
        ]
    }

    static let objects: [HostileTree] =
        brokenObjects + [
            HostileTree("no config", .refused("ostree-config-missing")) { try $0.remove("ostree_repo/config") },
            HostileTree("a config that is none", .refused("ostree-config-invalid")) { try $0.write("ostree_repo/config", "x") },
            HostileTree("a repository that is not for serving", .refused("ostree-mode-unsupported")) { draft in
                try draft.write("ostree_repo/config", "[core]\nrepo_version=1\nmode=bare\n")
            },
            HostileTree("no objects", .refused("ostree-unreadable")) { try $0.remove("ostree_repo/objects") },
            HostileTree("a file that is cut off", .refused("ostree-content-truncated")) { draft in
                try draft.change(draft.object("filez")) { $0.removeLast(3) }
            },
            HostileTree("a file with bytes behind it", .refused("ostree-trailing-bytes")) { draft in
                try draft.change(draft.object("filez")) { $0.append(0) }
            },
            HostileTree("two objects under each other's names", .refused("ostree-digest-mismatch")) { draft in
                try draft.exchange(draft.object("filez", 0), draft.object("filez", 1))
            },
            HostileTree("an object that nobody needs, and that is another", .refused("ostree-digest-mismatch")) { draft in
                try draft.write("ostree_repo/objects/ab/\(String(repeating: "ab", count: 31)).dirmeta", Array("x".utf8))
            },
            HostileTree("a file in the place of a folder of objects", .refused("ostree-object-missing")) { draft in
                let folder = (try draft.object("commit") as NSString).deletingLastPathComponent
                try draft.remove(folder)
                try draft.write(folder, "x")
            },
            HostileTree("an object of a commit that was pulled in part", .refused("ostree-object-missing")) { draft in
                try draft.write("ostree_repo/state/\(String(repeating: "ab", count: 32)).commitpartial", "")
                try draft.remove(draft.object("filez", 3))
            },
        ]

    static let blobs: [HostileTree] = [
        HostileTree("no blobs", .refused("update-part-missing")) { try $0.remove("apps/blobs") },
        HostileTree("the app's manifest missing", .refused("oci-blob-missing")) { try $0.remove($0.manifest) },
        HostileTree("the app's config missing", .refused("oci-blob-missing")) { try $0.remove($0.blob("config", of: $0.manifest)) },
        HostileTree("the app's bundle missing", .refused("oci-blob-missing")) { try $0.remove($0.blob("layers", of: $0.manifest)) },
        HostileTree("the image's manifest missing", .refused("oci-all-platforms-absent")) { try $0.remove($0.imageManifest) },
        HostileTree("the image's config missing", .refused("oci-blob-missing")) { try $0.remove($0.blob("config", of: $0.imageManifest)) },
        HostileTree("the image's layer missing", .refused("oci-blob-missing")) { try $0.remove($0.blob("layers", of: $0.imageManifest)) },
        HostileTree("a flipped bit in the app's manifest", .refused("oci-digest-mismatch")) { try $0.flip($0.manifest) },
        HostileTree("a flipped bit in the app's bundle", .refused("oci-digest-mismatch")) {
            try $0.flip($0.blob("layers", of: $0.manifest))
        },
        HostileTree("a flipped bit in the image's index", .refused("oci-digest-mismatch")) { try $0.flip($0.imageIndex) },
        HostileTree("a flipped bit in the image's config", .refused("oci-digest-mismatch")) { draft in
            try draft.flip(draft.blob("config", of: draft.imageManifest))
        },
        HostileTree("a flipped bit in the image's layer", .refused("oci-digest-mismatch")) { draft in
            try draft.flip(draft.blob("layers", of: draft.imageManifest))
        },
        HostileTree("a layer with a byte more", .refused("oci-size-mismatch")) { draft in
            try draft.change(draft.blob("layers", of: draft.imageManifest)) { $0.append(0) }
        },
        HostileTree("a blob that nobody needs, and that is another", .refused("oci-digest-mismatch")) { draft in
            try draft.write("apps/blobs/sha256/\(String(repeating: "ab", count: 32))", "x")
        },
    ]
}
