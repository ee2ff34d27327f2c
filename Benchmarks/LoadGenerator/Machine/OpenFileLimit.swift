#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Every connection is a descriptor: the soft limit is usually too low for thousands.
enum OpenFileLimit {
    #if canImport(Musl)
        private static let resource = RLIMIT_NOFILE
    #else
        private static let resource = Int32(RLIMIT_NOFILE.rawValue)
    #endif

    /// Raises the soft limit to the hard one and checks that `connections` fit.
    static func raise(forConnections connections: Int) throws {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(resource, &limit)
        // A few dozen more for the standard streams, event loops and certificate files.
        guard Int(clamping: limit.rlim_max) >= connections + 64 else {
            throw LoadError(
                code: .badInput,
                message:
                    "\(connections) connections need more open files than the hard limit of \(limit.rlim_max); raise it with `ulimit -Hn`."
            )
        }
    }
}
