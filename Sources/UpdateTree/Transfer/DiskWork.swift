import Dispatch

/// Runs what waits for a disk on a thread of Dispatch: the few threads that run tasks must not wait.
enum DiskWork {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .utility).async { continuation.resume(with: Result { try body() }) }
        }
    }
}
