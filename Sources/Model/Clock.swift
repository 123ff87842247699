import CLinux

/// A moment on the wall clock, in whole seconds since 1970-01-01T00:00:00Z.
///
/// Wall time is what is written down; it may step. Waiting and expiry in a running process use ``BootInstant``.
public struct WallInstant: Hashable, Comparable, Sendable {
    /// Seconds since the epoch; negative before it.
    public var seconds: Int64

    /// A moment `seconds` after the epoch.
    public init(seconds: Int64) { self.seconds = seconds }

    /// The earlier of two moments is the smaller.
    public static func < (left: WallInstant, right: WallInstant) -> Bool { left.seconds < right.seconds }

    /// The moment `seconds` later; clamps at the ends of time, so that a server's absurd lifetime cannot overflow.
    public static func + (left: WallInstant, seconds: Int64) -> WallInstant {
        let (sum, overflow) = left.seconds.addingReportingOverflow(seconds)
        return WallInstant(seconds: overflow ? (seconds > 0 ? .max : .min) : sum)
    }

    /// The seconds from `right` to `left`; clamps as well.
    public static func - (left: WallInstant, right: WallInstant) -> Int64 {
        let (difference, overflow) = left.seconds.subtractingReportingOverflow(right.seconds)
        return overflow ? (left > right ? .max : .min) : difference
    }
}

/// A moment on `CLOCK_BOOTTIME`, in nanoseconds since the machine started: it counts through sleep and never steps.
public struct BootInstant: Hashable, Comparable, Sendable {
    /// Nanoseconds since boot.
    public var nanoseconds: Int64

    /// A moment `nanoseconds` after boot.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The earlier of two moments is the smaller.
    public static func < (left: BootInstant, right: BootInstant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The moment `seconds` later; clamps at the end of time, so that a server's absurd lifetime cannot overflow.
    public static func + (left: BootInstant, seconds: Double) -> BootInstant {
        let sum = Double(left.nanoseconds) + seconds * 1e9
        guard sum < 9.2e18 else { return BootInstant(nanoseconds: .max) }
        guard sum > -9.2e18 else { return BootInstant(nanoseconds: .min) }
        return BootInstant(nanoseconds: Int64(sum))
    }

    /// The seconds from `right` to `left`.
    public static func - (left: BootInstant, right: BootInstant) -> Double {
        (Double(left.nanoseconds) - Double(right.nanoseconds)) / 1e9
    }
}

/// Where time comes from; handed in, so that rules about time can be tested without waiting.
public struct Clock: Sendable {
    private let readWall: @Sendable () -> Double
    private let readBoot: @Sendable () -> BootInstant

    /// A clock that reads from the two functions.
    public init(wall: @escaping @Sendable () -> WallInstant, boot: @escaping @Sendable () -> BootInstant) {
        self.init(seconds: { Double(wall().seconds) }, boot: boot)
    }

    private init(seconds: @escaping @Sendable () -> Double, boot: @escaping @Sendable () -> BootInstant) {
        readWall = seconds
        readBoot = boot
    }

    /// The wall clock's time now, its fraction of a second cut off.
    public func wall() -> WallInstant { WallInstant(seconds: Int64(readWall().rounded(.down))) }

    /// The first whole second on the wall clock that is not before `moment`.
    fileprivate func wall(notBefore moment: BootInstant) -> WallInstant {
        let seconds = readWall() + (moment - readBoot())
        return WallInstant(seconds: Int64(min(max(seconds, -1e15), 1e15).rounded(.up)))
    }

    /// The seconds from now to `moment`.
    fileprivate func seconds(until moment: WallInstant) -> Double { Double(moment.seconds) - readWall() }

    /// The boot clock's time now.
    public func boot() -> BootInstant { readBoot() }

    /// The machine's clocks: `CLOCK_REALTIME` and `CLOCK_BOOTTIME`.
    public static let system = Clock(
        seconds: {
            let now = read(CLOCK_REALTIME)
            return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
        },
        boot: {
            let now = read(CLOCK_BOOTTIME)
            return BootInstant(nanoseconds: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec))
        })

    private static func read(_ clock: Int32) -> timespec {
        var now = timespec()
        // The kernel writes one timespec and keeps no pointer; both clocks exist on every Linux we run on.
        unsafe clock_gettime(clock, &now)
        return now
    }
}

/// When something ends, on both clocks: the boot clock decides while the process runs, the wall clock is written down.
public struct Expiry: Hashable, Sendable {
    /// The end on the boot clock.
    public var boot: BootInstant
    /// The end on the wall clock.
    public var wall: WallInstant

    /// An end `seconds` after the moment `started` on the boot clock.
    public init(seconds: Double, after started: BootInstant, clock: Clock) {
        boot = started + seconds
        wall = clock.wall(notBefore: boot)
    }

    /// An end that was written down as wall time.
    public init(wall: WallInstant, clock: Clock) {
        self.wall = wall
        boot = clock.boot() + clock.seconds(until: wall)
    }
}
