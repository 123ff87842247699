import EventLoop
import Keyring
import Model
import Prose

/// Tells a person what happens to their sessions while nobody looks: on the desktop, and by the commands they have set.
///
/// It tells names and states, once for each event, and of one session the same no more than once an hour.
@LoopActor final class Announcer {
    /// What was last known of a session.
    struct Mark {
        var state: SessionState?
        /// Fires when the session ends by itself.
        var timer: Timer?
        /// When each event was last told.
        var told: [Event: BootInstant] = [:]
    }

    /// What is told.
    enum Event: Hashable {
        case needsLogin, renewed
    }

    /// Of one session the same is told again after so long, in seconds.
    private static let rest = 3600.0
    /// So many commands run at once; a thousand sessions that end in one minute are not a thousand programs.
    private static let mostHooks = 4

    /// What the person has set.
    var settings = Settings()
    /// Takes a line for the log.
    var log: (String) -> Void = { _ in }
    private let clock: Clock
    private let turns = Turnstile(width: Announcer.mostHooks)

    init(clock: Clock) { self.clock = clock }

    /// Looks whether a session has come to need a login, and looks again when it ends by itself.
    /// - Parameter isNew: nothing was known of it before: what it is, is no event.
    func look(at entry: SessionEntry, isNew: Bool) {
        entry.announced.timer?.cancel()
        entry.announced.timer = nil
        guard entry.gone == nil else { return }
        let state = entry.state(clock)
        let before = entry.announced.state
        entry.announced.state = state
        if !isNew, state == .needsLogin, before != .needsLogin { tell(.needsLogin, of: entry) }
        guard state != .needsLogin, !entry.session.renews, let end = end(of: entry) else { return }
        entry.announced.timer = Timer(at: end) { [weak self, weak entry] in
            guard let self, let entry else { return }
            self.look(at: entry, isNew: false)
        }
    }

    /// A session was renewed.
    func wasRenewed(_ entry: SessionEntry) { tell(.renewed, of: entry) }

    /// When it ends if nothing comes between.
    private func end(of entry: SessionEntry) -> BootInstant? {
        if case .at(let end, _)? = entry.cookieExpiry(clock.wall()) { return Expiry(wall: end, clock: clock).boot }
        return entry.expiry?.boot
    }

    private func tell(_ event: Event, of entry: SessionEntry) {
        let now = clock.boot()
        if let last = entry.announced.told[event], now - last < Self.rest { return }
        entry.announced.told[event] = now
        let name = entry.session.name
        let mend = entry.session.wasAdded ? Prose.addAnewTo(name) : Prose.logInTo(name)
        if event == .needsLogin, settings.notifies {
            EventLoop.task { [turns] in
                await turns.enter()
                defer { turns.leave() }
                _ = await DesktopNotification.show(Prose.needsLoginTitle(name), mend)
            }
        }
        run(event == .needsLogin ? settings.onNeedsLogin : settings.onRenewed, name, entry.state(clock))
    }

    private func run(_ command: [String], _ name: SessionName, _ state: SessionState) {
        guard !command.isEmpty else { return }
        EventLoop.task { [turns, weak self] in
            await turns.enter()
            defer { turns.leave() }
            let end = await Hook.run(command + [name.description, state.rawValue])
            if let words = Prose.hookEnd(command[0], end) { self?.log(words) }
        }
    }
}
