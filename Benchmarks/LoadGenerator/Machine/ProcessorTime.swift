import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Processor time used so far, in seconds, by this process or by others on the machine.
enum ProcessorTime {
    #if canImport(Musl)
        private static let thisProcess = RUSAGE_SELF
    #else
        private static let thisProcess = RUSAGE_SELF.rawValue
    #endif

    /// User and system time of this process.
    static func own() -> Double {
        var usage = rusage()
        getrusage(thisProcess, &usage)
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// `utime + stime` of the processes, from `/proc/<pid>/stat`; the kernel counts it in ticks of 10 ms.
    static func of(_ processes: [Int]) throws -> Double {
        let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        var ticks = 0
        for process in processes {
            let stat = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
            // The command name, second field, may hold blanks and brackets: count from the last closing one.
            guard let bracket = stat.lastIndex(of: ")") else { continue }
            let fields = stat[bracket...].split(separator: " ")
            guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13]) else { continue }
            ticks += user + system
        }
        return Double(ticks) / ticksPerSecond
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
    }
}
