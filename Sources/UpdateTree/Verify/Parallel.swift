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
}
