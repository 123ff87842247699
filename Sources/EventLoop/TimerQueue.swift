import CLinux
import Glibc
import Model

/// All timers, in a heap over one timerfd.
///
/// The timerfd is set only for a moment earlier than the one it is set for: a cancelled timer costs no system call, at
/// worst one wake-up in vain, and with no timers there is no wake-up at all.
@LoopActor final class TimerQueue {
    static let shared = TimerQueue()

    private var heap: [Timer] = []
    private var lastSequence: UInt64 = 0
    private var descriptor: Int32 = -1
    /// What the timerfd is set for.
    private var armed: BootInstant?
    private var isFiring = false

    private init() {}

    /// Makes the timerfd and has the loop watch it; nothing if it is there.
    func open() throws(LoopFailure) {
        guard descriptor < 0 else { return }
        descriptor = timerfd_create(CLOCK_BOOTTIME, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
        if descriptor < 0 { throw LoopFailure(call: "timerfd_create") }
        _ = try DescriptorSource(descriptor, .readable) { _ in TimerQueue.shared.fireDue() }
        arm()
    }

    func nextSequence() -> UInt64 {
        lastSequence += 1
        return lastSequence
    }

    func add(_ timer: Timer) {
        timer.position = heap.count
        heap.append(timer)
        moveUp(timer)
        if !isFiring { arm() }
    }

    func remove(_ timer: Timer) {
        let position = timer.position
        guard position >= 0 else { return }
        timer.position = -1
        let last = heap.removeLast()
        guard last !== timer else { return }
        place(last, at: position)
        moveUp(last)
        moveDown(last)
    }

    private func fireDue() {
        var expirations: UInt64 = 0
        _ = unsafe read(descriptor, &expirations, MemoryLayout<UInt64>.size)
        armed = nil
        isFiring = true
        let now = Clock.system.boot()
        // Timers that a handler adds wait for the next round, so that they cannot keep the loop here.
        let newest = lastSequence
        while let first = heap.first, first.moment <= now, first.sequence <= newest {
            remove(first)
            first.fire()
        }
        isFiring = false
        arm()
    }

    /// Sets the timerfd for the first timer, if that is earlier than what it is set for.
    private func arm() {
        guard descriptor >= 0, let first = heap.first?.moment else { return }
        if let armed, armed <= first { return }
        armed = first
        // Zero would disarm it.
        let nanoseconds = max(first.nanoseconds, 1)
        var setting = itimerspec()
        setting.it_value.tv_sec = Int(nanoseconds / 1_000_000_000)
        setting.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
        // Cannot fail: the descriptor is a timerfd and the value a valid time.
        unsafe timerfd_settime(descriptor, Int32(TFD_TIMER_ABSTIME), &setting, nil)
    }

    private func place(_ timer: Timer, at position: Int) {
        heap[position] = timer
        timer.position = position
    }

    private func moveUp(_ timer: Timer) {
        while timer.position > 0 {
            let parent = heap[(timer.position - 1) / 2]
            guard timer.precedes(parent) else { return }
            swap(timer, parent)
        }
    }

    private func moveDown(_ timer: Timer) {
        while let child = firstChild(of: timer), child.precedes(timer) { swap(child, timer) }
    }

    /// The child that fires first.
    private func firstChild(of timer: Timer) -> Timer? {
        let left = timer.position * 2 + 1
        guard left < heap.count else { return nil }
        let right = left + 1
        return right < heap.count && heap[right].precedes(heap[left]) ? heap[right] : heap[left]
    }

    private func swap(_ first: Timer, _ second: Timer) {
        let position = first.position
        place(first, at: second.position)
        place(second, at: position)
    }
}
