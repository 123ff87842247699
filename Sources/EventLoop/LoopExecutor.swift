import CGLib
import Glibc
import Synchronization

/// The queue of Swift jobs that GLib's main context runs: the executor of `LoopActor` and of every task that prefers it.
///
/// Jobs come from any thread and run on the one that is in `EventLoop.run`, in the order they came.
final class LoopExecutor: SerialExecutor, TaskExecutor {
    static let shared = LoopExecutor()

    /// How many jobs run before descriptors get their turn again. Large enough that a burst costs one round of the loop,
    /// small enough (about 0.2 ms of plain continuations) that jobs which keep making jobs starve nobody.
    private static let drainLimit = 1024

    private let waiting = Mutex<[UnownedJob]>([])

    /// The thread inside `EventLoop.run`, as `pthread_self` gives it; 0 when there is none (glibc's are never 0).
    private let loopThread = Atomic<UInt>(0)

    private init() {}

    var isOnLoopThread: Bool { loopThread.load(ordering: .relaxed) == pthread_self() }

    /// Makes the calling thread the loop's. False if another is already.
    func claimThread() -> Bool {
        loopThread.compareExchange(expected: 0, desired: pthread_self(), ordering: .sequentiallyConsistent).exchanged
    }

    func releaseThread() { loopThread.store(0, ordering: .sequentiallyConsistent) }

    func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        let wasEmpty = waiting.withLock { jobs in
            jobs.append(unowned)
            return jobs.count == 1
        }
        // The loop looks at the queue before it sleeps, so only the first job from elsewhere must wake it.
        if wasEmpty, !isOnLoopThread { g_main_context_wakeup(nil) }
    }

    var hasJobs: Bool { waiting.withLock { jobs in !jobs.isEmpty } }

    /// Runs what is queued, and what that queues, up to `drainLimit` (the batch that reaches it is finished).
    func drain() {
        var ran = 0
        while ran < Self.drainLimit {
            var batch: [UnownedJob] = []
            waiting.withLock { jobs in swap(&jobs, &batch) }
            if batch.isEmpty { return }
            ran += batch.count
            for job in batch {
                // Each job is run once: it left the queue with the swap.
                unsafe job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            }
        }
    }

    func checkIsolated() {
        precondition(isOnLoopThread, "not on the event loop's thread")
    }

    func isIsolatingCurrentContext() -> Bool? { isOnLoopThread }
}
