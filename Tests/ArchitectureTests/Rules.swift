/// What a room below `Sources/` is, and what it may import.
struct Room {
    enum Kind {
        /// Decides; knows no socket, no HTTP, no database.
        case core
        /// Input and output.
        case edge
        /// Assembles; may import anything.
        case executable
    }

    let kind: Kind
    /// Rooms of ours that it may import.
    let rooms: Set<String>

    /// design.md §3. A room that is not in this table fails the test: decide where it belongs first.
    static let all: [String: Room] = [
        "CFileTree": Room(kind: .core, rooms: []),
        "CMemory": Room(kind: .core, rooms: []),
        "FileTree": Room(kind: .core, rooms: ["CFileTree"]),
        "CZlib": Room(kind: .core, rooms: []),
        "CZstd": Room(kind: .core, rooms: []),
        "CLzma": Room(kind: .core, rooms: []),
        "Squashfs": Room(kind: .core, rooms: ["CLzma", "CZlib", "CZstd", "FileTree"]),
        "Archive": Room(kind: .core, rooms: ["CZlib", "CZstd", "FileTree"]),
        "StrictJSON": Room(kind: .core, rooms: []),
        "TUF": Room(kind: .core, rooms: ["StrictJSON", "FileTree"]),
        "OSTree": Room(kind: .core, rooms: ["CZlib", "FileTree"]),
        "OCI": Room(kind: .core, rooms: ["Archive", "FileTree", "StrictJSON"]),
        "Snaps": Room(kind: .core, rooms: ["StrictJSON"]),
        "SoftwareAgent": Room(kind: .core, rooms: ["FileTree", "Snaps"]),
        "DeviceAuth": Room(kind: .core, rooms: []),
        "OperatorAuth": Room(kind: .core, rooms: []),
        "UpdateTree": Room(kind: .core, rooms: ["Archive", "FileTree", "OCI", "OSTree", "Snaps", "Squashfs", "StrictJSON", "TUF"]),
        "Fleet": Room(kind: .core, rooms: ["DeviceAuth", "Snaps", "UpdateTree"]),
        "Persistence": Room(kind: .edge, rooms: coreRooms),
        "Gateway": Room(kind: .edge, rooms: coreRooms),
        "Admin": Room(kind: .edge, rooms: coreRooms),
        "Enrolment": Room(kind: .edge, rooms: coreRooms),
        "SiteSync": Room(kind: .edge, rooms: coreRooms),
        "CMosquitto": Room(kind: .edge, rooms: []),
        "MQTT": Room(kind: .edge, rooms: ["CMosquitto"]),
        "Messaging": Room(kind: .edge, rooms: ["MQTT", "Fleet", "Snaps", "DeviceAuth"]),
        "OTAServe": Room(kind: .executable, rooms: []),
        "OTASim": Room(kind: .executable, rooms: []),
        "OTACtl": Room(kind: .executable, rooms: []),
        "OTAAgent": Room(kind: .executable, rooms: []),
        "TUFClient": Room(kind: .executable, rooms: []),
    ]

    private static let coreRooms: Set<String> = [
        "Archive", "OSTree", "OCI", "StrictJSON", "FileTree", "TUF", "Snaps", "DeviceAuth", "OperatorAuth", "UpdateTree",
        "Fleet",
    ]

    /// Packages that a core room never imports.
    static let foreignToCore = [
        "NIO", "Hummingbird", "HTTPTypes", "GRDB", "AsyncHTTPClient", "ArgumentParser", "ServiceLifecycle", "Logging",
    ]
}

/// What no line of a source file may hold.
struct ForbiddenWord {
    let text: String
    let reason: String
    /// Files that may hold it, each with its reason.
    let exceptions: [String: String]

    static let all: [ForbiddenWord] = [
        ForbiddenWord(text: "try!", reason: "throw, or make the wrong state impossible", exceptions: [:]),
        ForbiddenWord(text: "as!", reason: "use as? and handle nil", exceptions: [:]),
        ForbiddenWord(text: "fatalError(", reason: "input must not stop the server", exceptions: [:]),
    ]

    /// Lines that a file may have.
    static let mostLines = 500
    /// Names that say nothing of the domain.
    static let emptyNames = ["Utils", "Helpers", "Common", "Manager"]
}
