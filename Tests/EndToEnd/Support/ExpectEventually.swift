import Testing

/// Expects that `condition` comes to hold before a deadline.
func expectEventually(
    _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async rethrows {
    let holds = try await eventually(condition)
    #expect(holds, comment, sourceLocation: sourceLocation)
}
