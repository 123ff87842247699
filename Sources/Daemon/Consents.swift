import EventLoop
import Glibc
import Model

/// Which programs may use the sessions that ask the person first (`confirm = true`).
///
/// Consent is for a session and a process tree. It is kept in memory alone: it ends with the tree, and with the daemon.
@LoopActor final class Consents {
    /// How a program stands to a session.
    enum Standing {
        /// It may use it.
        case allowed
        /// The person has refused it.
        case refused
        /// The person has not answered.
        case waits
    }

    /// A program that waits for the person's answer.
    struct Wish {
        let session: SessionID
        let tree: ProcessTree
        /// The process that leads the tree, for its name.
        let leader: Caller
        /// The process that asked first.
        let caller: Caller
        let since: WallInstant
    }

    private struct Key: Hashable {
        let session: SessionID
        let tree: ProcessTree
    }

    private struct Answer {
        let isAllowed: Bool
        let wish: Wish
    }

    /// More answers than a person has given to what still runs.
    private static let mostAnswers = 1000
    /// More questions than a person reads.
    private static let mostWaiting = 100

    private let clock: Clock
    private var answers: [Key: Answer] = [:]
    private var wishes: [Wish] = []
    /// Told of each program that begins to wait.
    var onWish: (Wish) -> Void = { _ in }

    init(clock: Clock) { self.clock = clock }

    /// Whether a program may use a session.
    /// - Parameters:
    ///   - caller: a process of the program's; nil where it is not known, which is no consent.
    ///   - asks: it wants to use it now: the person is asked.
    func standing(of caller: Caller?, for session: Session, asks: Bool) -> Standing {
        guard session.settings.confirms else { return .allowed }
        guard let caller, let tree = ProcessTree(of: caller.pid) else { return .waits }
        if let answer = answers[Key(session: session.id, tree: tree)] { return answer.isAllowed ? .allowed : .refused }
        if asks { wait(caller, tree, session.id) }
        return .waits
    }

    private func wait(_ caller: Caller, _ tree: ProcessTree, _ session: SessionID) {
        guard !wishes.contains(where: { $0.session == session && $0.tree == tree }) else { return }
        if wishes.count >= Self.mostWaiting { forgetEnded() }
        if wishes.count >= Self.mostWaiting { wishes.removeFirst() }
        let leader = tree.leader == caller.pid ? caller : Caller(pid: tree.leader)
        // Their names, before they have ended.
        _ = (leader.program(claimed: "?"), caller.program(claimed: "?"))
        let wish = Wish(session: session, tree: tree, leader: leader, caller: caller, since: clock.wall())
        wishes.append(wish)
        onWish(wish)
    }

    /// Those that wait, the oldest first.
    func waiting() -> [Wish] {
        forgetEnded()
        return wishes
    }

    /// Those that were refused and still run, the oldest first.
    func refused() -> [Wish] {
        forgetEnded()
        return answers.values.filter { !$0.isAllowed }.map(\.wish).sorted {
            ($0.since, $0.tree.leader) < ($1.since, $1.tree.leader)
        }
    }

    /// Answers some of those that wait, or were refused.
    func answer(_ answered: [Wish], allow: Bool) {
        wishes.removeAll { wish in answered.contains { $0.session == wish.session && $0.tree == wish.tree } }
        for wish in answered {
            answers[Key(session: wish.session, tree: wish.tree)] = Answer(isAllowed: allow, wish: wish)
        }
    }

    /// Takes back all that was answered for a session.
    func forget(_ session: SessionID) {
        answers = answers.filter { $0.key.session != session }
        wishes.removeAll { $0.session == session }
    }

    /// Of trees that have ended nothing is kept, and where too much is left the person is asked again.
    private func forgetEnded() {
        wishes.removeAll { !$0.tree.isThere }
        answers = answers.filter { $0.key.tree.isThere }
        if answers.count > Self.mostAnswers { answers = [:] }
    }
}
