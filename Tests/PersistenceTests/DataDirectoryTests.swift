import FileTree
import Persistence
import Testing

@Suite struct DataDirectoryTests {
    @Test("a data directory that is not there is refused with the option that names it")
    func missing() throws {
        let scratch = try Scratch()
        #expect { try DataDirectory.claim(path: scratch.path + "/absent") } throws: {
            ($0 as? PersistenceError)?.code == .dataDirectoryMissing && ($0 as? PersistenceError)?.message.contains("--datadir") == true
        }
    }

    @Test("a data directory is claimed by one, and free when it lets go")
    func claim() throws {
        let scratch = try Scratch()
        do {
            let held = try DataDirectory.claim(path: scratch.path)
            #expect { try DataDirectory.claim(path: scratch.path) } throws: { ($0 as? PersistenceError)?.code == .dataDirectoryInUse }
            withExtendedLifetime(held) {}
        }
        _ = try DataDirectory.claim(path: scratch.path)
    }
}
