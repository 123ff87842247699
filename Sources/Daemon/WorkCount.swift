/// Counts the calls that are being carried out, so that a stop can wait for their end.
final class WorkCount {
    private var count = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// A call begins.
    func begin() { count += 1 }

    /// It has ended.
    func end() {
        count -= 1
        guard count == 0 else { return }
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    /// Waits until none is carried out.
    func untilNone(isolation: isolated (any Actor)? = #isolation) async {
        guard count > 0 else { return }
        await withCheckedContinuation { waiting.append($0) }
    }
}
