import Dispatch
import Synchronization

/// The same work for many things with a few threads.
enum Parallel {
    static func forEach<Element: Sendable>(_ elements: [Element], workers: Int, _ body: @Sendable (Element) -> Void) {
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(workers, elements.count)) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < elements.count else { return }
                body(elements[index])
            }
        }
    }

    /// The results in the order of the elements.
    static func map<Element: Sendable, Value: Sendable>(
        _ elements: [Element], workers: Int, _ body: @Sendable (Element) -> Value
    ) -> [Value] {
        let values = Mutex([Value?](repeating: nil, count: elements.count))
        forEach(Array(elements.indices), workers: workers) { index in
            let value = body(elements[index])
            values.withLock { $0[index] = value }
        }
        return values.withLock { $0.compactMap(\.self) }
    }
}
