import Foundation
import HTTPTypes
import Testing

@testable import Admin

@Suite("openapi.yaml")
struct DescriptionTests {
    /// An operation that the page describes, with the example of its body.
    private struct Operation {
        let method: String
        let template: String
        var scopes: String = ""
        var example: String?
    }

    /// The page is ours and plain: paths stand at column 2, methods at column 4.
    private func operations() throws -> [Operation] {
        let page = String(decoding: PackageResources.openapi_yaml, as: UTF8.self)
        let paths = try #require(page.split(separator: "\npaths:\n").last?.split(separator: "\ncomponents:\n").first)
        var operations: [Operation] = []
        var template = ""
        var isRequest = false
        for line in paths.split(separator: "\n") {
            let word = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("  /") {
                template = String(word.dropLast())
            } else if ["get:", "put:", "post:", "patch:", "delete:"].contains(word), line.prefix(while: { $0 == " " }).count == 4 {
                operations.append(Operation(method: word.dropLast().uppercased(), template: template))
            } else if line.hasPrefix("      requestBody:") || line.hasPrefix("      responses:") {
                isRequest = word == "requestBody:"
            } else if isRequest, word.hasPrefix("example: ") {
                operations[operations.count - 1].example = String(word.dropFirst(9))
            } else if !operations.isEmpty {
                operations[operations.count - 1].scopes += word
            }
        }
        return operations
    }

    @Test("every route is described, and everything described is a route")
    func complete() throws {
        let described = try operations().map { "\($0.method) \($0.template)" }
        let routed = try Fixture().router().routes.map { "\($0.method.rawValue) \($0.template)" }
        #expect(described.sorted() == routed.sorted())
    }

    @Test("every operation names the scope that it needs")
    func scopes() throws {
        let routes = try Fixture().router().routes
        for operation in try operations() {
            let route = try #require(routes.first { $0.method.rawValue == operation.method && $0.template == operation.template })
            switch route.access {
            case .open: #expect(operation.scopes.contains("security: []"), "\(operation.template)")
            case .scope(let scope): #expect(operation.scopes.contains("`\(scope.rawValue)`"), "\(operation.template)")
            case .all: #expect(operation.scopes.contains("all scopes"), "\(operation.template)")
            }
        }
    }

    @Test("the examples of bodies are accepted")
    func examples() async throws {
        let fixture = try Fixture()
        try fixture.addUpdate("ci/main/42")
        let id = try await fixture.startedRollout(of: ["d1"])
        let examples = try operations().filter { $0.example != nil }
        #expect(examples.count >= 4)
        try await fixture.serve { ask async throws in
            for operation in examples {
                let method = try #require(HTTPRequest.Method(operation.method))
                let path = operation.template.replacing("{id}", with: id.text).replacing("{uuid}", with: "d1")
                    .replacing("{model}", with: "intel-corei7-64")
                let answer = try await ask(method, path, operation.example)
                #expect((200..<300).contains(answer.status), "\(operation.template): \(answer.text)")
            }
        }
    }

    @Test("the server gives out the page itself")
    func served() async throws {
        try await Fixture().serve { ask async throws in
            let answer = try await ask(.get, "/openapi.yaml", token: nil)
            #expect(answer.text.hasPrefix("openapi: 3.1.0"))
            #expect(answer.headers[.contentType]?.hasPrefix("application/yaml") == true)
        }
    }
}
