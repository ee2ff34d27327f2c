import Testing

/// Expects that `condition` comes to hold before a deadline.
func expectEventually(
    _ comment: Comment? = nil, within seconds: Double = 10, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async rethrows {
    let holds = try await eventually(within: seconds, condition)
    #expect(holds, comment, sourceLocation: sourceLocation)
}
