import Foundation

/// Asks again and again until `condition` holds; false when it still does not after `seconds`.
func eventually(within seconds: Double = 10, _ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while true {
        if try await condition() { return true }
        guard Date() < end else { return false }
        try? await Task.sleep(for: .milliseconds(50))
    }
}
