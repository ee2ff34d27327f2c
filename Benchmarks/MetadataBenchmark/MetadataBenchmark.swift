import ArgumentParser
import Foundation
import TUF

/// Reads large targets metadata again and again and prints one line of JSON: what that costs beside the bare check of
/// their one signature.
@main
struct MetadataBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "MetadataBenchmark", abstract: "Measures the reading of targets metadata in the fio profile, signed with Ed25519.")

    @Option(help: "How many targets the metadata name.") var targets = 100_000
    @Option(help: "Rounds; in each the bare check and the whole take turns.") var rounds = 5

    private struct Round: Encodable {
        /// The signature over the bytes and nothing else.
        let bareSeconds: Double
        /// Parsed, the signature checked, every target checked.
        let verifiedSeconds: Double
        /// The same, and every target read as an image.
        let imagesSeconds: Double
    }

    private struct Report: Encodable {
        let bytes: Int
        let targets: Int
        let rounds: [Round]
        let peakResidentKiB: Int
    }

    func validate() throws {
        guard (1...TargetsMetadata.mostTargets).contains(targets) else {
            throw ValidationError("--targets is 1 to \(TargetsMetadata.mostTargets).")
        }
        guard rounds > 0 else { throw ValidationError("--rounds is at least 1.") }
    }

    func run() throws {
        let sample = try LargeTargets(count: targets)
        var measured: [Round] = []
        for number in 0...rounds {
            let round = Round(
                bareSeconds: try Self.processorSeconds { try sample.checkSignature() },
                verifiedSeconds: try Self.processorSeconds { _ = try sample.verified() },
                imagesSeconds: try Self.processorSeconds {
                    guard try sample.verified().images().count == targets else { throw ValidationError("Not all targets were read.") }
                })
            // The first one finds cold caches.
            if number > 0 { measured.append(round) }
        }
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let report = Report(bytes: sample.bytes.count, targets: targets, rounds: measured, peakResidentKiB: usage.ru_maxrss)
        print(String(decoding: try encoder.encode(report), as: UTF8.self))
    }

    /// User and system time of this process that `body` takes.
    private static func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
        let before = processorTime()
        try body()
        return processorTime() - before
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
