import Dispatch
import FileTree
import Synchronization

/// Checks objects on all cores. Workers take a handful at a time from one list that none of them changes.
struct ObjectSweep: Sendable {
    private static let handful = 64

    let repository: Repository
    let inventory: ObjectInventory
    /// By the object's place in the inventory: those to leave out.
    let isDone: [Bool]
    let findings: FindingCollector
    let isKnown: @Sendable (ObjectName) -> Bool
    let isCancelled: @Sendable () -> Bool
    let progress: @Sendable (ClosureProgress) -> Void

    /// What all workers did together.
    private final class Tally: Sendable {
        let next = Atomic<Int>(0)
        let objects = Atomic<Int>(0)
        let known = Atomic<Int>(0)
        let bytesRead = Atomic<Int64>(0)
        /// Large metadata is held as a whole, so by one worker at a time.
        let largeMetadata = Mutex<Void>(())
    }

    func run(workers: Int, bytesRead: Int64) -> (known: Int, bytesRead: Int64) {
        let tally = Tally()
        tally.bytesRead.store(bytesRead, ordering: .relaxed)
        DispatchQueue.concurrentPerform(iterations: max(1, workers)) { _ in work(tally) }
        return (tally.known.load(ordering: .relaxed), tally.bytesRead.load(ordering: .relaxed))
    }

    private func work(_ tally: Tally) {
        let check: ObjectCheck
        do throws(OSTreeError) {
            check = try ObjectCheck()
        } catch {
            findings.add("objects", error)
            return
        }
        var shard: (number: Int, directory: Directory)?
        while !isCancelled() {
            let start = tally.next.add(Self.handful, ordering: .relaxed).oldValue
            guard start < inventory.names.count else { return }
            let end = min(start + Self.handful, inventory.names.count)
            var bytes: Int64 = 0
            for index in start..<end where !isDone[index] && !isCancelled() {
                let name = inventory.names[index]
                if isKnown(name) {
                    tally.known.add(1, ordering: .relaxed)
                    continue
                }
                do throws(OSTreeError) {
                    bytes += try look(at: name, check, &shard, tally)
                } catch {
                    findings.add(name.path, error)
                }
            }
            let done = tally.objects.add(end - start, ordering: .relaxed).newValue
            let read = tally.bytesRead.add(bytes, ordering: .relaxed).newValue
            progress(ClosureProgress(objects: done, total: inventory.names.count, bytesRead: read))
        }
    }

    private func look(
        at name: ObjectName, _ check: ObjectCheck, _ shard: inout (number: Int, directory: Directory)?, _ tally: Tally
    ) throws(OSTreeError) -> Int64 {
        let file: Descriptor
        let size: Int64
        do throws(FileTreeError) {
            let number = name.checksum.shard
            let directory: Directory
            if let shard, shard.number == number {
                directory = shard.directory
            } else {
                directory = try repository.objects.directory(ObjectInventory.shardName(number))
                shard = (number, directory)
            }
            file = try directory.openFile(name.fileName)
            size = name.kind == .filez ? 0 : try file.status().size
        } catch {
            throw OSTreeError(opening: error)
        }
        guard size > Self.largeMetadata else { return try check.check(name, file, isCancelled: isCancelled) }
        let outcome = tally.largeMetadata.withLock { _ in
            Result { () throws(OSTreeError) in try check.check(name, file, isCancelled: isCancelled) }
        }
        return try outcome.get()
    }

    private static let largeMetadata = 4 << 20
}
