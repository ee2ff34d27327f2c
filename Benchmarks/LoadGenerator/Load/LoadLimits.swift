import NIOCore

/// Where a workload ends: after `count` requests or when `duration` has passed, whichever is first; `timeout` ends one that hangs.
struct LoadLimits: Sendable {
    var count: Int
    var duration: TimeAmount?
    var timeout: TimeAmount

    /// The limits of part `index` of `parts`: durations are the same for all, the count is divided so that the parts add up to it.
    func part(_ index: Int, of parts: Int) -> LoadLimits {
        var limits = self
        limits.count = count / parts + (index < count % parts ? 1 : 0)
        return limits
    }
}
