import Model

/// Waits until `moment`. In place of `Task.sleep`, which starts threads. Throws at once when the task is cancelled.
@LoopActor public func sleep(until moment: BootInstant) async throws(CancellationError) {
    let wait = Wait()
    await withTaskCancellationHandler {
        await wait.run(until: moment)
    } onCancel: {
        EventLoop.task { wait.end() }
    }
    if Task.isCancelled { throw CancellationError() }
}

/// Waits for `seconds`. In place of `Task.sleep`, which starts threads. Throws at once when the task is cancelled.
@LoopActor public func sleep(for seconds: Double) async throws(CancellationError) {
    try await sleep(until: Clock.system.boot() + seconds)
}

/// Runs `body` in a task of its own and returns what it returns, or nil after `seconds`, at once.
///
/// The task is cancelled then, and when the caller is, but not waited for: what it still does must be harmless. `body`
/// may wait for something that others share, which goes on.
@LoopActor public func withDeadline<Answer: Sendable>(
    seconds: Double, _ body: @escaping @LoopActor @Sendable () async -> Answer
) async -> Answer? {
    let wait = Wait()
    let box = AnswerBox<Answer>()
    let task = EventLoop.task {
        let answer = await body()
        box.answer = answer
        wait.end()
    }
    await withTaskCancellationHandler {
        await wait.run(until: Clock.system.boot() + seconds)
    } onCancel: {
        task.cancel()
    }
    if box.answer == nil { task.cancel() }
    return box.answer
}

@LoopActor private final class AnswerBox<Answer: Sendable> {
    var answer: Answer?
}

/// A wait that ends at a moment or with `end()`, whichever is first; `end()` may also come before it begins.
@LoopActor private final class Wait {
    private var hasEnded = false
    private var timer: Timer?
    private var continuation: CheckedContinuation<Void, Never>?

    func run(until moment: BootInstant) async {
        if hasEnded { return }
        await withCheckedContinuation { continuation in
            self.continuation = continuation
            timer = Timer(at: moment) { self.end() }
        }
    }

    func end() {
        hasEnded = true
        timer?.cancel()
        timer = nil
        continuation?.resume()
        continuation = nil
    }
}
