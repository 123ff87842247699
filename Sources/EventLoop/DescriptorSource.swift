import CLinux

/// What a descriptor is ready for, or what one wants to hear of it. The bits are epoll's.
public struct Readiness: OptionSet, Sendable {
    /// epoll's bits.
    public let rawValue: UInt32

    /// From epoll's bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// There is something to read, or its end.
    public static let readable = Readiness(rawValue: EPOLLIN.rawValue)
    /// There is room to write.
    public static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
    /// Both sides are closed. Told always, until the source is cancelled.
    public static let hungUp = Readiness(rawValue: EPOLLHUP.rawValue)
    /// The descriptor has an error. Told always, until the source is cancelled.
    public static let failed = Readiness(rawValue: EPOLLERR.rawValue)
}

/// One descriptor in the loop's epoll set, level-triggered. It is watched until `cancel()`, whoever holds this object.
///
/// It does not own the descriptor: cancel first, then close. After `cancel()`, also within a handler, its handler is not
/// called again, and an event that was already fetched for a descriptor number now used anew goes to nobody.
@LoopActor public final class DescriptorSource {
    /// The descriptor watched.
    public let descriptor: Int32
    let token: UInt64
    private var events: Readiness
    var handler: (@LoopActor (Readiness) -> Void)?

    /// Watches `descriptor` for `events` and calls `handler` with those that hold. A source that still watches the same
    /// number is replaced. Fails with `LoopFailure` (`epoll_ctl`) for a descriptor that epoll does not take.
    public init(
        _ descriptor: Int32, _ events: Readiness, handler: @escaping @LoopActor (Readiness) -> Void
    ) throws(LoopFailure) {
        self.descriptor = descriptor
        self.events = events
        self.handler = handler
        token = DescriptorSet.shared.nextToken()
        try DescriptorSet.shared.add(self, events)
    }

    /// Watches for `events` from now on. Nothing after `cancel()`.
    public func update(events: Readiness) throws(LoopFailure) {
        guard handler != nil, events != self.events else { return }
        try DescriptorSet.shared.change(self, events)
        self.events = events
    }

    /// Stops watching and lets go of the handler. More than once is as once.
    public func cancel() {
        guard handler != nil else { return }
        handler = nil
        DescriptorSet.shared.remove(self)
    }
}
