/// Reads a member of a plan; an error names the member, such as `phases[1].size`.
enum PlanMember {
    static func read<Value>(_ decoder: any Decoder, _ body: () throws(FleetError) -> Value) throws -> Value {
        do throws(FleetError) {
            return try body()
        } catch {
            throw FleetError(error.code, "\(name(decoder.codingPath)): \(error.message)")
        }
    }

    private static func name(_ path: [any CodingKey]) -> String {
        var name = ""
        for key in path {
            if let index = key.intValue { name += "[\(index)]" } else { name += name.isEmpty ? key.stringValue : ".\(key.stringValue)" }
        }
        return name.isEmpty ? "the plan" : name
    }
}
