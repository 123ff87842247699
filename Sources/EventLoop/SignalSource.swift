import CLinux
import Glibc

/// Signals as events of the loop (signalfd).
///
/// They are blocked in the calling thread at the start and stay so: make it at the start of `EventLoop.run`, before
/// there are other threads, which inherit the block. A child process inherits it too and must be given an empty mask.
@LoopActor public final class SignalSource {
    private let descriptor: Int32
    private var source: DescriptorSource?

    /// Blocks `signals` and calls `handler` with the number of each that comes. Fails with `LoopFailure`.
    public init(_ signals: [Int32], handler: @escaping @LoopActor (Int32) -> Void) throws(LoopFailure) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        descriptor = unsafe signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
        if descriptor < 0 { throw LoopFailure(call: "signalfd") }
        let descriptor = descriptor
        do {
            source = try DescriptorSource(descriptor, .readable) { _ in
                while let number = Self.next(descriptor) { handler(number) }
            }
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Stops calling the handler. The signals stay blocked, so that none of them ends the process now.
    public func cancel() {
        guard let watching = source else { return }
        source = nil
        watching.cancel()
        close(descriptor)
    }

    private static func next(_ descriptor: Int32) -> Int32? {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        return unsafe read(descriptor, &info, size) == size ? Int32(info.ssi_signo) : nil
    }
}
