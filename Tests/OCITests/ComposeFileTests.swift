import Testing

@testable import OCI

@Suite struct ComposeFileTests {
    private static let a = String(repeating: "a", count: 64)
    private static let b = String(repeating: "b", count: 64)

    static let files: [(text: String, images: [String], unpinned: [String])] = [
        ("services:\n  x:\n    image: host:5000/f/i@sha256:\(a)\n", [a], []),
        ("  image: \"f/i@sha256:\(a)\" # comment\r\n  image: 'f/i:tag@sha256:\(b)'\r\n", [a, b], []),
        ("{services: {x: {image: f/i@sha256:\(a), restart: no}, y: {\"image\": \"f/i@sha256:\(b)\"}}}", [a, b], []),
        ("image: i@sha256:\(a)\nimage: i@sha256:\(a)\n", [a], []),
        ("# image: i@sha256:\(a)\n   # image: x\n", [], []),
        ("- image : i@sha256:\(a)", [a], []),
        ("image: nginx:latest\nimage: ${IMAGE}\n", [], ["nginx:latest", "${IMAGE}"]),
        ("image: i@sha256:\(a)0\nimage: i@sha256:short", [], ["i@sha256:\(a)0", "i@sha256:short"]),
        ("images: i@sha256:\(a)\nmy-image: i@sha256:\(a)\nimage_name: x\nMSG: i@sha256:\(a)\n", [], []),
        ("image: ${REGISTRY}/f/i@sha256:\(a)\n{image: ${R}/i@sha256:\(b)}", [a, b], []),
        ("image:", [], [""]), ("", [], []), ("image", [], []), ("\u{FEFF}\u{0}\u{FF}image: i@sha256:\(a)", [], []),
    ]

    @Test("images are found where publishing writes them", arguments: files.indices)
    func images(index: Int) {
        let file = Self.files[index]
        let compose = ComposeFile(Array(file.text.utf8))
        #expect(compose.images.map(\.hex) == file.images)
        #expect(compose.unpinned == file.unpinned)
    }
}
