import EventLoop

/// A value that is made when first asked for, once for all who ask meanwhile, and kept until it is dropped.
@LoopActor final class SharedValue<Value: Sendable> {
    private var making: Task<Result<Value, KeyringFailure>, Never>?

    /// The value kept, or the outcome of `make`. A failure is not kept, and without `keeping` nothing is.
    func get(
        keeping: Bool = true, _ make: @escaping @LoopActor @Sendable () async throws(KeyringFailure) -> Value
    ) async throws(KeyringFailure) -> Value {
        let task =
            making
            ?? EventLoop.task { () async -> Result<Value, KeyringFailure> in
                do throws(KeyringFailure) { return .success(try await make()) } catch { return .failure(error) }
            }
        making = task
        let outcome = await task.value
        if making == task, !keeping || (try? outcome.get()) == nil { making = nil }
        return try outcome.get()
    }

    /// Lets go of the value; who waits for it still gets it.
    func drop() { making = nil }
}
