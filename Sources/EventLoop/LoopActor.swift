/// The one actor that owns all state of the daemon; its jobs run on the event loop's thread.
///
/// Code isolated to it needs no locks. A handler that the loop calls (descriptor, timer, signal) is already isolated to it.
@globalActor public actor LoopActor {
    /// The actor itself; there is one, as there is one loop.
    public static let shared = LoopActor()

    /// The event loop, so that a call from loop code to loop code is a plain call.
    nonisolated public var unownedExecutor: UnownedSerialExecutor {
        unsafe LoopExecutor.shared.asUnownedSerialExecutor()
    }

    /// Runs `operation` as loop code at once. For callbacks of C libraries that the loop's thread calls; a trap on any
    /// other thread. What `MainActor.assumeIsolated` is for the main actor, and written as that is.
    nonisolated public static func assumeIsolated<Result: Sendable>(
        _ operation: @LoopActor () throws -> Result
    ) rethrows -> Result {
        shared.preconditionIsolated("called away from the event loop's thread")
        return try withoutActuallyEscaping(operation) { isolated in
            // Safe: the isolation is part of the type only, and the line above has shown that it holds.
            let plain = unsafe unsafeBitCast(isolated, to: (() throws -> Result).self)
            return try plain()
        }
    }
}
