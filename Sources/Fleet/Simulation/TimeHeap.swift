/// The times at which devices are done, the earliest first.
struct TimeHeap {
    private var times: [Int64] = []

    var count: Int { times.count }
    var first: Int64? { times.first }

    mutating func insert(_ time: Int64) {
        times.append(time)
        var child = times.count - 1
        while child > 0, times[child] < times[(child - 1) / 2] {
            times.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() -> Int64? {
        guard let last = times.popLast() else { return nil }
        guard let first = times.first else { return last }
        times[0] = last
        var parent = 0
        while true {
            let least = [2 * parent + 1, 2 * parent + 2].filter { $0 < times.count }.min { times[$0] < times[$1] }
            guard let least, times[least] < times[parent] else { return first }
            times.swapAt(least, parent)
            parent = least
        }
    }
}
