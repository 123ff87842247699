/// Lets so many tasks through at a time, in the order they came.
final class Turnstile {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// A turnstile that `width` tasks fit through at once.
    init(width: Int = 1) { free = width }

    /// Waits for the turn; ``leave()`` gives it to the next.
    func enter(isolation: isolated (any Actor)? = #isolation) async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Ends the turn.
    func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
