/// The search for one target through the delegations (TUF §5.6.7): pre-order and depth first, each role once, at most
/// ``MetadataLimits/mostDelegations`` roles. A terminating delegation that is responsible ends it below itself: what
/// stands behind it, at its level and above, is not asked.
///
/// ```swift
/// var search = TargetSearch(for: "app/a.bin")
/// var found = try search.visit(targets)
/// while found == nil, let role = search.next() { found = try search.visit(load(role)) }
/// ```
public struct TargetSearch: Sendable {
    public let name: String
    /// The next one last.
    private var waiting: [Delegations.Role] = []
    private var visited = Set<DelegatedRoleName>()

    public init(for name: String) { self.name = name }

    /// The next role whose metadata are wanted; nil at the end.
    public mutating func next() -> Delegations.Role? {
        while visited.count < MetadataLimits.mostDelegations, let role = waiting.popLast() {
            if visited.insert(role.name).inserted { return role }
        }
        return nil
    }

    /// Looks at the metadata of the role that was wanted, first at those of the top role targets.
    public mutating func visit(_ metadata: TargetsMetadata) throws(TUFError) -> TargetFile? {
        if let target = try metadata.target(named: name) { return target }
        var children: [Delegations.Role] = []
        for role in try metadata.delegations?.responsible(for: name) ?? [] {
            children.append(role)
            if role.isTerminating {
                waiting = []
                break
            }
        }
        waiting += children.reversed()
        return nil
    }
}
