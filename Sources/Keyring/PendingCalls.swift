import CSecret
import EventLoop
import Model

/// The asynchronous calls of GLib's that are under way for one keyring. Each ends at its deadline at the latest.
@LoopActor final class PendingCalls {
    private var underway: [ObjectIdentifier: Cancellable] = [:]
    private(set) var isClosed = false

    /// Starts a call with `start`, which hands the cancellable and the data to GLib, and waits for the callback, which
    /// passes what it got to `Waiter.end`. Ends with `timedOut` at `moment`, and then what was asked may still be done.
    func wait<Answer: Sendable>(
        until moment: BootInstant,
        _ start: (UnsafeMutablePointer<GCancellable>, UnsafeMutableRawPointer) -> Void
    ) async throws(KeyringFailure) -> Answer {
        if isClosed { throw .closed }
        let cancellable = Cancellable()
        underway[ObjectIdentifier(cancellable)] = cancellable
        let timer = Timer(at: moment) { cancellable.cancel() }
        let outcome: Result<Answer, BusFailure> = await withCheckedContinuation { continuation in
            // GLib keeps the reference until its callback, which comes exactly once and takes it over.
            let waiter = unsafe Unmanaged.passRetained(Waiter(continuation)).toOpaque()
            unsafe start(cancellable.pointer, waiter)
        }
        timer.cancel()
        underway[ObjectIdentifier(cancellable)] = nil
        if isClosed { throw .closed }
        do { return try outcome.get() } catch { throw KeyringFailure(error) }
    }

    /// Ends all calls with `closed`, and lets none begin.
    func close() {
        isClosed = true
        for cancellable in underway.values { cancellable.cancel() }
    }
}

/// Who waits for a callback of GLib's.
final class Waiter<Answer: Sendable>: Sendable {
    private let continuation: CheckedContinuation<Result<Answer, BusFailure>, Never>

    init(_ continuation: CheckedContinuation<Result<Answer, BusFailure>, Never>) { self.continuation = continuation }

    /// Resumes who waits at `data`, the pointer that was given to GLib, and takes that reference over.
    static func end(_ data: UnsafeMutableRawPointer?, _ outcome: Result<Answer, BusFailure>) {
        guard let data = unsafe data else { return }
        unsafe Unmanaged<Waiter<Answer>>.fromOpaque(data).takeRetainedValue().continuation.resume(returning: outcome)
    }
}
