import Cookies
import EventLoop
import Model
import Prose
import Store

/// Owns the sessions: the one place where they are looked up and changed.
///
/// A change is durable before it is seen: it goes to the journal first, under the entry's turnstile, and then into
/// memory. Each change has a new version, so that a slow answer can tell that it is late.
@LoopActor final class Registry {
    /// So many sessions are written as one record: a few MiB, even where each has the largest token.
    private static let usesPerRecord = 100

    private let store: Store
    private let clock: Clock
    private var entries: [SessionID: SessionEntry] = [:]
    private var byName: [SessionName: SessionEntry] = [:]
    private var index = SpaceIndex()
    /// Names that a login or an `add` under way will take.
    private var reserved: Set<SessionName> = []
    /// Changes of settings, one after the other.
    let settings = Turnstile()
    /// A session is there, or has changed. New: nothing was known of it before.
    var onChange: (SessionEntry, _ isNew: Bool) -> Void = { _, _ in }

    init(store: Store, clock: Clock) {
        self.store = store
        self.clock = clock
    }

    /// Takes over what the store holds.
    func load(_ stored: [StoredSession]) {
        for session in stored {
            let entry = SessionEntry(session: session.session, jar: session.jar)
            // A session that came back from the keyring may have a name that was given away meanwhile.
            let name = entry.session.name
            entry.session.name = name.firstFree(isTaken)
            install(entry)
            // Written down: whoever goes first, the other keeps the name it has now.
            if entry.session.name != name {
                EventLoop.task { [weak self] in _ = try? await self?.update(entry) { _ in true } }
            }
        }
    }

    /// A session as it is now, for its item in the keyring; nil where it is gone.
    func stored(_ id: SessionID) -> StoredSession? {
        entries[id].map { StoredSession(session: $0.session, jar: $0.jar) }
    }

    /// All sessions, by name.
    var all: [SessionEntry] { byName.sorted { $0.key < $1.key }.map(\.value) }

    /// How many there are.
    var count: Int { entries.count }

    /// The sessions whose protection space has `target`.
    func matches(_ target: RequestTarget) -> [(entry: SessionEntry, length: MatchLength)] { index.matches(target) }

    /// The first by name of the sessions for the origin of `target`, whatever its path, whose name `isMeant`.
    func first(forOriginOf target: RequestTarget, where isMeant: (SessionName) -> Bool) -> SessionEntry? {
        var first: SessionEntry?
        index.forEach(forOriginOf: target) { entry in
            let name = entry.session.name
            if isMeant(name), first.map({ name < $0.session.name }) ?? true { first = entry }
        }
        return first
    }

    /// The session of this name; nil where there is none.
    func find(_ name: SessionName) -> SessionEntry? { byName[name] }

    /// The session of this name.
    func entry(_ name: SessionName) throws(Failure) -> SessionEntry {
        guard let entry = byName[name] else {
            let names = byName.keys.map(\.description)
            throw .noSession(name, nearest: nearestName(to: name.description, among: names))
        }
        return entry
    }

    /// Keeps a new session, under its name or the first free one after it.
    func add(_ session: Session, _ jar: CookieJar, renaming: Bool) async throws(Failure) -> SessionEntry {
        var session = session
        if renaming { session.name = session.name.firstFree(isTaken) }
        try reserve(session.name)
        defer { release(session.name) }
        try await write(
            [.session(session)] + Self.cookies(session.id, JarChange(set: jar.cookies, deleted: [])), items: .atOnce)
        let entry = SessionEntry(session: session, jar: jar)
        install(entry)
        return entry
    }

    /// Keeps a name for a session that is about to have it.
    /// - Throws: a ``Failure``, `usage` where it is taken.
    func reserve(_ name: SessionName) throws(Failure) {
        guard !isTaken(name) else { throw .nameTaken(name) }
        reserved.insert(name)
    }

    /// Lets go of a name that was kept.
    func release(_ name: SessionName) { reserved.remove(name) }

    /// Changes a session: `edit` gets it as it is and leaves it as it should be.
    /// - Parameter urgency: when the session's item in the keyring follows.
    /// - Parameter cookies: what changes in its jar along with it.
    /// - Returns: false where `edit` returned false: nothing was changed.
    @discardableResult
    func update(
        _ entry: SessionEntry, items urgency: ItemUrgency = .inTime, cookies: [JarChange] = [],
        _ edit: (inout Session) -> Bool
    ) async throws(Failure) -> Bool {
        await entry.changes.enter()
        defer { entry.changes.leave() }
        try entry.requireThere()
        var changed = entry.session
        guard edit(&changed) else { return false }
        changed.version += 1
        var jar = entry.jar
        let change = jar.merge(cookies, now: clock.wall())
        changed.cookieEnd = entry.cookieEnd(in: jar, .loggedOut, now: clock.wall())
        try await write([.session(changed)] + Self.cookies(changed.id, change), items: urgency)
        entry.jar = jar
        replace(entry, with: changed)
        return true
    }

    /// Gives a session what a new login brought: credential, refresh token and jar.
    func replace(_ entry: SessionEntry, jar: CookieJar, _ edit: (inout Session) -> Void) async throws(Failure) {
        await entry.changes.enter()
        defer { entry.changes.leave() }
        try entry.requireThere()
        var changed = entry.session
        edit(&changed)
        changed.version += 1
        let kept = Set(jar.cookies.map(\.key))
        let gone = entry.jar.cookies.map(\.key).filter { !kept.contains($0) }
        changed.cookieEnd = nil
        try await write(
            [.session(changed)] + Self.cookies(changed.id, JarChange(set: jar.cookies, deleted: gone)), items: .atOnce)
        entry.jar = jar
        replace(entry, with: changed)
    }

    /// Notes in the journal that a refresh token is about to be spent.
    func noteRenewal(_ entry: SessionEntry) async throws(Failure) {
        await entry.changes.enter()
        defer { entry.changes.leave() }
        try entry.requireThere()
        try await write([.renewalBegun(entry.session.id, version: entry.session.version)])
        entry.session.renewalBegun = true
    }

    /// Merges cookies that came back; each changes only its own.
    /// - Parameter start: the URL that the script named, whose site partitioned cookies are kept for.
    /// - Parameter version: the version of the session that the request carried: what comes back for an older login has
    ///   nothing to say about this one.
    /// - Parameter brought: names of cookies that the script sent itself: what comes back for them is the script's.
    func merge(
        _ lines: [SecretBytes], from target: RequestTarget, began start: RequestTarget, into entry: SessionEntry,
        version: UInt64, without brought: Set<String>
    ) async throws(Failure) {
        await entry.changes.enter()
        defer { entry.changes.leave() }
        guard entry.gone == nil, entry.session.version == version else { return }
        var jar = entry.jar
        var change = jar.store(
            setCookie: lines, from: target, now: clock.wall(), partition: CookiePartition.key(of: start),
            excluding: brought)
        change.deleted += jar.removeExpired(at: clock.wall()).deleted
        try await keep(jar, change, in: entry, ending: .loggedOut)
        if !change.isEmpty { onChange(entry, false) }
    }

    /// Changes a session's jar, as a person wants it.
    func changeJar(
        _ entry: SessionEntry, _ edit: (inout CookieJar) throws(Failure) -> JarChange
    ) async throws(Failure) -> JarChange {
        await entry.changes.enter()
        defer { entry.changes.leave() }
        try entry.requireThere()
        var jar = entry.jar
        let change = try edit(&jar)
        try await keep(jar, change, in: entry, ending: .deleted, items: .atOnce)
        onChange(entry, false)
        return change
    }

    /// Gives a session another jar, and notes where it ends with that, or begins anew: what comes back for a request that
    /// is under way is still for this login, so that it is no new version.
    /// - Parameter cause: what has happened to the cookie that is the session, where it is gone.
    private func keep(
        _ jar: CookieJar, _ change: JarChange, in entry: SessionEntry, ending cause: Session.NeedsLogin.Cause,
        items urgency: ItemUrgency = .inTime
    ) async throws(Failure) {
        var session = entry.session
        session.cookieEnd = entry.cookieEnd(in: jar, cause, now: clock.wall())
        let changed: [Change] = session.cookieEnd == entry.session.cookieEnd ? [] : [.session(session)]
        try await write(changed + Self.cookies(session.id, change), items: urgency)
        entry.jar = jar
        entry.session.cookieEnd = session.cookieEnd
    }

    /// Forgets a session.
    func remove(_ entry: SessionEntry) async throws(Failure) {
        await entry.changes.enter()
        defer { entry.changes.leave() }
        try entry.requireThere()
        try await write([.removed(entry.session.id, version: entry.session.version + 1)])
        index.remove(entry)
        entries[entry.session.id] = nil
        byName[entry.session.name] = nil
        entry.end(.removedMeanwhile(entry.session.name))
    }

    /// Writes down when sessions were last used, where nothing else has since; what cannot be written is no loss. That
    /// is no new version: no answer can be late for it.
    func saveUses() async {
        let used = all.filter(\.hasUnsavedUse)
        for start in stride(from: 0, to: used.count, by: Self.usesPerRecord) {
            let part = used[start..<min(start + Self.usesPerRecord, used.count)]
            for entry in part { await entry.changes.enter() }
            defer { for entry in part { entry.changes.leave() } }
            let there = part.filter { $0.gone == nil }
            for entry in there { entry.hasUnsavedUse = false }
            do { try await write(there.map { .session($0.session) }, items: .withNextChange) } catch { return }
        }
    }

    /// Lets go of all sessions and their secrets; whoever still waits with one of them is told `why`.
    func forget(_ why: Failure) {
        for entry in entries.values { entry.end(why) }
        entries = [:]
        byName = [:]
        index = SpaceIndex()
    }

    private func isTaken(_ name: SessionName) -> Bool { byName[name] != nil || reserved.contains(name) }

    private func install(_ entry: SessionEntry) {
        entries[entry.session.id] = entry
        byName[entry.session.name] = entry
        index.insert(entry)
        onChange(entry, true)
    }

    private func replace(_ entry: SessionEntry, with changed: Session) {
        index.remove(entry)
        byName[entry.session.name] = nil
        let lastUse = entry.session.lastUse
        entry.session = changed
        entry.session.lastUse = lastUse
        entry.hasUnsavedUse = lastUse != changed.lastUse
        byName[changed.name] = entry
        index.insert(entry)
        onChange(entry, false)
    }

    private static func cookies(_ id: SessionID, _ change: JarChange) -> [Change] {
        change.set.isEmpty && change.deleted.isEmpty ? [] : [.cookies(id, change)]
    }

    private func write(_ batch: [Change], items urgency: ItemUrgency = .inTime) async throws(Failure) {
        if batch.isEmpty { return }
        do { try await store.apply(batch, items: urgency) } catch { throw Failure(error) }
    }
}
