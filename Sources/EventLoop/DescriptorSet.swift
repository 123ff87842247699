import CLinux
import Glibc

/// The epoll set behind all `DescriptorSource`s.
///
/// epoll hands back a token that is never used twice, not the descriptor: within one batch a handler may cancel any other
/// source, close its descriptor and open another of the same number.
@LoopActor final class DescriptorSet {
    static let shared = DescriptorSet()

    /// Events fetched by one epoll_wait; more wait for the next round.
    private static let batchSize = 64

    private var epoll: Int32 = -1
    private var lastToken: UInt64 = 0
    private var sources: [UInt64: DescriptorSource] = [:]
    /// Who watches a descriptor number now, so that a late `cancel()` does not take out its successor.
    private var owners: [Int32: UInt64] = [:]

    private init() {}

    /// The epoll descriptor, made at the first call.
    func open() throws(LoopFailure) -> Int32 {
        if epoll < 0 { epoll = epoll_create1(Int32(EPOLL_CLOEXEC)) }
        if epoll < 0 { throw LoopFailure(call: "epoll_create1") }
        return epoll
    }

    func nextToken() -> UInt64 {
        lastToken += 1
        return lastToken
    }

    func add(_ source: DescriptorSource, _ events: Readiness) throws(LoopFailure) {
        var result = control(EPOLL_CTL_ADD, source, events)
        if result < 0, errno == EEXIST {
            // The predecessor was not cancelled and its file is still open: this source takes its place.
            result = control(EPOLL_CTL_MOD, source, events)
        }
        if result < 0 { throw LoopFailure(call: "epoll_ctl") }
        if let replaced = owners.updateValue(source.token, forKey: source.descriptor) {
            sources.removeValue(forKey: replaced)?.handler = nil
        }
        sources[source.token] = source
    }

    func change(_ source: DescriptorSource, _ events: Readiness) throws(LoopFailure) {
        if control(EPOLL_CTL_MOD, source, events) < 0 { throw LoopFailure(call: "epoll_ctl") }
    }

    func remove(_ source: DescriptorSource) {
        sources[source.token] = nil
        guard owners[source.descriptor] == source.token else { return }
        owners[source.descriptor] = nil
        // Fails only if the descriptor was closed before, and then the kernel has removed it.
        _ = control(EPOLL_CTL_DEL, source, [])
    }

    private func control(_ operation: Int32, _ source: DescriptorSource, _ events: Readiness) -> Int32 {
        // The kernel reads the event during the call only.
        var event = unsafe epoll_event(events: events.rawValue, data: epoll_data_t(u64: source.token))
        return unsafe epoll_ctl(epoll, operation, source.descriptor, &event)
    }

    /// Calls the handlers of what is ready now, one batch.
    func dispatch() {
        unsafe withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.batchSize) { batch in
            let count = unsafe epoll_wait(epoll, batch.baseAddress, Int32(Self.batchSize), 0)
            // -1 is EINTR: GLib polls again.
            for index in 0..<Int(max(count, 0)) {
                // The kernel has filled the first `count`.
                let token = unsafe batch[index].data.u64
                let events = unsafe Readiness(rawValue: batch[index].events)
                // A source that a handler before it in this batch has cancelled is not found.
                sources[token]?.handler?(events)
            }
        }
    }
}
