import Fleet

/// The events of one rollout, for a ``Tail``.
struct RolloutTail: TailSource {
    let rollouts: RolloutOperations
    let id: RolloutID

    var announced: Int64? { nil }
    var pause: Duration { .zero }

    func lines(from position: Int64, limit: Int) throws -> TailRun {
        let lines = try rollouts.lines(of: id, from: position, limit: limit).lines
        return TailRun(lines: lines, end: lines.last?.next ?? position)
    }

    /// The word before the colon, such as `DEVICE_SEEN`.
    func name(of line: String) -> Substring? {
        guard let end = line.firstRange(of: ": ")?.lowerBound, end > line.startIndex,
            line[..<end].utf8.allSatisfy({ (0x41...0x5A).contains($0) || $0 == 0x5F })
        else { return nil }
        return line[..<end]
    }
}
