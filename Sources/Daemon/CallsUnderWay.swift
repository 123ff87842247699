import EventLoop
import Model

/// The calls being carried out, so that a stop can wait for their end, and `lock` can bring it about.
@LoopActor final class CallsUnderWay {
    private var tasks: [Int: Task<Result<SecretBytes, Failure>, Never>] = [:]
    private var lastNumber = 0

    /// Begins a call, which is broken off where ``cancel()`` comes in between.
    func begin(
        _ work: @escaping @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) -> Task<Result<SecretBytes, Failure>, Never> {
        lastNumber += 1
        let number = lastNumber
        let task = EventLoop.task { [self] () -> Result<SecretBytes, Failure> in
            defer { tasks[number] = nil }
            do throws(Failure) { return .success(try await work()) } catch { return .failure(error) }
        }
        tasks[number] = task
        return task
    }

    /// Breaks off what waits for the network; what waits for the journal or a renewal goes on.
    func cancel() {
        for task in tasks.values { task.cancel() }
    }

    /// Waits until all have ended.
    func end() async {
        for task in tasks.values { _ = await task.value }
    }
}
