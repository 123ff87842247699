import CLinux
import Glibc
import Synchronization

/// The one thread that touches the store's files: it reads, seals, writes and waits for the disk, and stretches the
/// passphrase, so that the event loop waits for none of that.
///
/// Jobs are done in the order they come. Batches that have gathered while the disk was busy are written together.
final class StoreThread: Sendable {
    enum Job {
        /// Something to do with the files.
        case perform(@Sendable (StoreFiles) -> Void)
        /// A batch to append, and who hears of it when it is durable, or why it is not.
        case append([Change], @Sendable (StoreFailure?) -> Void)
        /// The last job: everything is let go of, then this is called.
        case end(@Sendable () -> Void)
    }

    private let queue = Mutex<[Job]>([])
    /// An eventfd that the thread sleeps on; it counts, so that no wake-up is lost.
    private let wakeUp: Int32
    private let makeFiles: @Sendable () -> StoreFiles

    /// Starts the thread, which runs until ``Job/end(_:)``; `files` makes what it owns.
    /// - Throws: ``StoreFailure/io(path:errno:)`` with `path` where the kernel has no thread for us.
    init(path: String, files: @escaping @Sendable () -> StoreFiles) throws(StoreFailure) {
        makeFiles = files
        wakeUp = eventfd(0, Int32(EFD_CLOEXEC))
        if wakeUp < 0 { throw .io(path: path, errno: errno) }
        let result = unsafe Self.create(Unmanaged.passRetained(self).toOpaque())
        if result != 0 {
            // The thread that would have taken this reference is not there.
            unsafe Unmanaged.passUnretained(self).release()
            throw .io(path: path, errno: result)
        }
    }

    deinit { if wakeUp >= 0 { close(wakeUp) } }

    /// Hands a job over. None may follow ``Job/end(_:)``.
    func enqueue(_ job: Job) {
        let wasEmpty = queue.withLock { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
        guard wasEmpty else { return }
        var one: UInt64 = 1
        // It takes eight bytes at once or, beyond 2^64 of them, none.
        _ = unsafe write(wakeUp, &one, MemoryLayout<UInt64>.size)
    }

    private static func create(_ argument: UnsafeMutableRawPointer) -> Int32 {
        // The thread inherits the mask: signals are the event loop's.
        var all = sigset_t()
        var old = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &old)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &old, nil) }
        var thread = pthread_t()
        let result = unsafe pthread_create(&thread, nil, runStoreThread, argument)
        if result == 0 { pthread_detach(thread) }
        return result
    }

    fileprivate func run() {
        let ended = work()
        ended()
    }

    /// Works until the end; what it owns is gone when it returns.
    private func work() -> @Sendable () -> Void {
        let files = makeFiles()
        while true {
            sleep()
            var group: [(changes: [Change], done: @Sendable (StoreFailure?) -> Void)] = []
            for job in takeJobs() {
                if case .append(let changes, let done) = job {
                    group.append((changes, done))
                    continue
                }
                files.append(group)
                group = []
                switch job {
                case .perform(let body): body(files)
                case .end(let ended): return ended
                case .append: break
                }
            }
            files.append(group)
            // After the answers: nobody waits for it.
            files.compactIfGrown()
        }
    }

    private func takeJobs() -> [Job] {
        queue.withLock { jobs in
            defer { jobs = [] }
            return jobs
        }
    }

    /// Sleeps until a job is there.
    private func sleep() {
        var count: UInt64 = 0
        while unsafe read(wakeUp, &count, MemoryLayout<UInt64>.size) < 0, errno == EINTR {}
    }
}

/// The thread's function. At file level, because pthread_create takes it on a thread that is no actor's.
private let runStoreThread: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
    guard let argument = unsafe argument else { return nil }
    // Made by `passRetained` in init; this takes that reference over.
    unsafe Unmanaged<StoreThread>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}
