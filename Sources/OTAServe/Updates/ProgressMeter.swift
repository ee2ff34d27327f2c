import Foundation
import Synchronization
import UpdateTree

/// One line on a terminal that says how far a long command is, how fast, and how long it will still take.
final class ProgressMeter: Sendable {
    private struct State {
        var step: VerificationProgress.Step?
        var stepBegan = ContinuousClock.now
        var shown = ContinuousClock.now - .seconds(1)
    }

    private let state = Mutex(State())
    private let isShown: Bool

    init(isShown: Bool) { self.isShown = isShown && isatty(STDERR_FILENO) == 1 }

    func show(_ progress: VerificationProgress) {
        guard isShown else { return }
        let now = ContinuousClock.now
        let elapsed: Duration? = state.withLock { state in
            if state.step != progress.step {
                state.step = progress.step
                state.stepBegan = now
            } else if now - state.shown < .milliseconds(200) {
                return nil
            }
            state.shown = now
            return now - state.stepBegan
        }
        guard let elapsed else { return }
        write("\r\u{1B}[K\(Self.line(progress, elapsed: elapsed))")
    }

    func end() {
        guard isShown else { return }
        write("\r\u{1B}[K")
    }

    static func line(_ progress: VerificationProgress, elapsed: Duration) -> String {
        func amount(_ value: Int64) -> String {
            switch progress.unit {
            case .bytes: ByteCount.text(value)
            case .files: "\(value) files"
            }
        }
        guard progress.done > 0 else { return progress.step.rawValue }
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let rate = seconds > 0 ? Double(progress.done) / seconds : 0
        var line = "\(progress.step.rawValue): \(amount(progress.done))"
        if progress.total > 0 { line += " of \(amount(progress.total))" }
        if rate >= 1 { line += ", \(amount(Int64(rate)))/s" }
        if progress.total > progress.done, rate >= 1 {
            line += ", \(Int(Double(progress.total - progress.done) / rate) + 1) s left"
        }
        return line
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
