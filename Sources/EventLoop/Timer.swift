import Model

/// One call of a handler at a moment of the boot-time clock, which counts through suspend and never steps.
///
/// The loop keeps it until it fires or is cancelled, whoever holds this object. Timers of the same moment fire in the
/// order they were made.
@LoopActor public final class Timer {
    /// When it fires, or has.
    public let moment: BootInstant
    let sequence: UInt64
    /// Where it is in the queue's heap; -1 outside.
    var position = -1
    private var handler: (@LoopActor () -> Void)?

    /// Calls `handler` at `moment`, or soon if that is past.
    @discardableResult
    public init(at moment: BootInstant, handler: @escaping @LoopActor () -> Void) {
        self.moment = moment
        self.handler = handler
        sequence = TimerQueue.shared.nextSequence()
        TimerQueue.shared.add(self)
    }

    /// Calls `handler` `seconds` from now.
    @discardableResult
    public convenience init(after seconds: Double, handler: @escaping @LoopActor () -> Void) {
        self.init(at: Clock.system.boot() + seconds, handler: handler)
    }

    /// Lets go of the handler without calling it. Nothing after the timer has fired; more than once is as once.
    public func cancel() {
        guard handler != nil else { return }
        handler = nil
        TimerQueue.shared.remove(self)
    }

    func fire() {
        let firing = handler
        handler = nil
        firing?()
    }
}

extension Timer {
    /// The order of firing.
    func precedes(_ other: Timer) -> Bool {
        moment == other.moment ? sequence < other.sequence : moment < other.moment
    }
}
