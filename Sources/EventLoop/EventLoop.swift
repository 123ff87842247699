import CGLib
import Glibc
import Synchronization

/// GLib's default main context as the process's event loop, on the thread that calls `run`.
///
/// One source drains the queue of Swift jobs and one watches the epoll set that holds every descriptor, the timer and the
/// signals; libraries that speak GLib (libsecret) add their own to the same context.
public enum EventLoop {
    private static let running = Atomic<Bool>(false)

    /// Makes the calling thread the loop's, runs `start`, and returns after `stop()`.
    ///
    /// To be called once, from `main.swift`, before other threads exist. From here on SIGPIPE is ignored in this process:
    /// a peer that has gone shows as EPIPE where it is written to. Fails with `LoopFailure` when the kernel refuses the
    /// epoll or timer descriptor.
    public static func run(_ start: @escaping @LoopActor @Sendable () async -> Void) throws(LoopFailure) {
        precondition(LoopExecutor.shared.claimThread(), "the event loop runs already")
        defer { LoopExecutor.shared.releaseThread() }
        _ = signal(SIGPIPE, SIG_IGN)
        let epoll = try prepareDescriptors()
        let sources = unsafe LoopSources(epoll: epoll)
        defer { unsafe sources.destroy() }

        running.store(true, ordering: .relaxed)
        _ = task(start)
        while running.load(ordering: .relaxed) { g_main_context_iteration(nil, 1) }
    }

    /// Lets `run` return when what is under way in this round is done. Jobs still queued are not run.
    @LoopActor public static func stop() {
        running.store(false, ordering: .relaxed)
    }

    /// A task on the loop. Use it for all work that waits: a plain `Task` would resume through Swift's thread pool.
    @discardableResult
    public static func task<Answer: Sendable>(
        _ body: @escaping @LoopActor @Sendable () async -> Answer
    ) -> Task<Answer, Never> {
        Task(executorPreference: LoopExecutor.shared) { await body() }
    }

    /// The epoll descriptor, with the timer in it.
    private static func prepareDescriptors() throws(LoopFailure) -> Int32 {
        let prepared = LoopActor.assumeIsolated { () -> Result<Int32, LoopFailure> in
            do throws(LoopFailure) {
                let epoll = try DescriptorSet.shared.open()
                try TimerQueue.shared.open()
                return .success(epoll)
            } catch {
                return .failure(error)
            }
        }
        return try prepared.get()
    }
}

/// A system call that the loop needs, refused by the kernel.
public struct LoopFailure: Error, Equatable {
    /// The call, as in its man page: `epoll_ctl`.
    public let call: String
    /// `errno` after it.
    public let code: Int32

    /// The failure of `call` with the `errno` of now.
    init(call: String) {
        self.call = call
        code = errno
    }
}
