import EventLoop
import Model

/// The calls that wait for the network or the journal, so that `lock` can end them.
@LoopActor final class CallsUnderWay {
    private var tasks: [Int: Task<Result<SecretBytes, Failure>, Never>] = [:]
    private var lastNumber = 0

    /// Does `work`, which is broken off where ``cancel()`` comes in between.
    func run(
        _ work: @escaping @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) async throws(Failure) -> SecretBytes {
        lastNumber += 1
        let number = lastNumber
        let task = EventLoop.task { () -> Result<SecretBytes, Failure> in
            do throws(Failure) { return .success(try await work()) } catch { return .failure(error) }
        }
        tasks[number] = task
        defer { tasks[number] = nil }
        return try await task.value.get()
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
