import EventLoop
import Model

/// Tries to open a store that cannot be used now: once at a time, and again with pauses that grow.
@LoopActor final class StoreOpener {
    /// The first pause and the longest, in seconds: a person who mends something has it back while they look.
    private static let firstPause = 1.0
    private static let longestPause = 30.0
    /// After an attempt nobody's request makes another for so long, in seconds.
    private static let rest = 1.0

    private var pause = StoreOpener.firstPause
    private var timer: Timer?
    private var underWay: Task<Void, Never>?
    private var lastEnd: BootInstant?

    /// Whether enough time has gone by since the last attempt for a request to make another.
    var isRested: Bool {
        guard underWay == nil, let lastEnd else { return true }
        return Clock.system.boot() > lastEnd + Self.rest
    }

    /// Does `body`, or waits for the one under way.
    func attempt(_ body: @escaping @LoopActor @Sendable () async -> Void) async {
        let task =
            underWay
            ?? EventLoop.task { [self] in
                await body()
                underWay = nil
                lastEnd = Clock.system.boot()
            }
        underWay = task
        await task.value
    }

    /// Whether the first attempt is through.
    var hasTried: Bool { lastEnd != nil }

    /// Waits for the attempt under way.
    /// - Returns: whether there was one.
    func ended() async -> Bool {
        guard let underWay else { return false }
        await underWay.value
        return true
    }

    /// Makes another attempt after a pause.
    func retry(_ body: @escaping @LoopActor @Sendable () async -> Void) {
        timer?.cancel()
        timer = Timer(after: pause) {
            EventLoop.task { await body() }
        }
        pause = min(pause * 2, Self.longestPause)
    }

    /// There is nothing to try any more.
    func hasOpened() {
        cancel()
        pause = Self.firstPause
    }

    /// Makes no more attempts by itself.
    func cancel() {
        timer?.cancel()
        timer = nil
    }
}
