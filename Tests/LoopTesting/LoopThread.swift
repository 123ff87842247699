import EventLoop
import Glibc
import Synchronization

/// Runs `body` as loop code, on the one thread that runs the loop in a test process, and hands back what it returns.
public func onLoop<Answer: Sendable>(
    _ body: @escaping @LoopActor @Sendable () async throws -> Answer
) async throws -> Answer {
    LoopThread.start()
    let outcome = Outcome<Answer>()
    await EventLoop.task {
        do { outcome.result = .success(try await body()) } catch { outcome.result = .failure(error) }
    }.value
    return try await outcome.get()
}

@LoopActor private final class Outcome<Answer: Sendable> {
    var result: Result<Answer, any Error> = .failure(CancellationError())

    nonisolated init() {}

    func get() throws -> Answer { try result.get() }
}

/// The thread that runs the loop for the tests, again each time the loop has been stopped.
public enum LoopThread {
    private static let returns = Atomic<Int>(0)

    /// How often `EventLoop.run` has returned.
    public static var stops: Int { returns.load(ordering: .sequentiallyConsistent) }

    private static let thread: pthread_t = {
        var thread = pthread_t()
        // The thread takes no argument and is never joined: it lives as long as the test process.
        let result = unsafe pthread_create(&thread, nil, { _ in LoopThread.serve() }, nil)
        precondition(result == 0, "no thread for the event loop")
        return thread
    }()

    /// Starts the thread, once.
    public static func start() { _ = thread }

    private static func serve() -> Never {
        while true {
            do {
                try EventLoop.run {}
            } catch {
                preconditionFailure("the event loop does not start: \(error)")
            }
            returns.add(1, ordering: .sequentiallyConsistent)
        }
    }
}
