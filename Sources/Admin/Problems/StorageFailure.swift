import DeviceAuth
import Fleet
import OperatorAuth
import Snaps
import UpdateTree

/// Something that is kept could not be read or written. The cause is for the log, not for the answer.
struct StorageFailure: Error {
    let cause: any Error
}

/// Runs an operation on what is kept: an error that is no decision of the core came from the storage below it.
func stored<Value>(
    isolation: isolated (any Actor)? = #isolation, _ operation: () async throws -> Value
) async throws -> Value {
    do {
        return try await operation()
    } catch {
        switch error {
        case is Problem, is FleetError, is UpdateTreeError, is DeviceAuthError, is OperatorAuthError, is SnapsError, is CancellationError:
            throw error
        default: throw StorageFailure(cause: error)
        }
    }
}
