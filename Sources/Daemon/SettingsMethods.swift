import EventLoop
import Model
import Prose
import Varlink

/// The methods that change what a person may set of a session: its name, its settings, its protection space.
extension AgentService {
    func rename(_ parameters: JSONValue) throws(Failure) -> (
        @LoopActor @Sendable () async throws(Failure) -> SecretBytes
    ) {
        try agent.requireOpen()
        let entry = try agent.registry.entry(try parameters.sessionName())
        let name = try parameters.sessionName("to")
        return { [agent] () throws(Failure) in
            if entry.session.name != name { try await agent.registry.rename(entry, to: name) }
            return Self.message(entry, [], agent)
        }
    }

    func set(_ parameters: JSONValue) throws(Failure) -> (@LoopActor @Sendable () async throws(Failure) -> SecretBytes)
    {
        try agent.requireOpen()
        let entry = try agent.registry.entry(try parameters.sessionName())
        let change = try SettingsChange(parameters, agent.places)
        return { [agent] () throws(Failure) in
            let others = try await agent.registry.set(entry, change)
            // Whichever way it is set: what was answered before is taken back.
            if change.confirms != nil { agent.consents.forget(entry.session.id) }
            return Self.message(entry, others.map { Prose.noLongerDefault($0, entry.session.name) }, agent)
        }
    }

    private static func message(_ entry: SessionEntry, _ notice: [String], _ agent: Agent) -> SecretBytes {
        VarlinkReply.message { json in
            SessionReport(agent).write("session", entry, &json)
            json.member("notice", notice)
        }
    }
}

/// What `set` changes of a session.
struct SettingsChange {
    private var isAmbient: Bool?
    private var isDefault: Bool?
    private var insecure: Bool?
    /// Whether the person is asked before a program gets it; nil where that stays.
    private(set) var confirms: Bool?
    /// The whole of the new protection space; nil where it stays.
    private var places: [Place]?
    private var added: [Place] = []
    private var removed: [Place] = []

    /// Reads the parameters of Set.
    init(_ json: JSONValue, _ reader: PlaceReader) throws(Failure) {
        (isAmbient, isDefault, insecure) = try readingParameters { () throws(JSONFailure) in
            (try json.optionalFlag("ambient"), try json.optionalFlag("default"), try json.optionalFlag("insecure"))
        }
        confirms = try readingParameters { () throws(JSONFailure) in try json.optionalFlag("confirm") }
        places = try Self.places("for", json, reader)
        added = try Self.places("for_added", json, reader) ?? []
        removed = try Self.places("for_removed", json, reader) ?? []
    }

    private static func places(
        _ name: String, _ json: JSONValue, _ reader: PlaceReader
    ) throws(Failure) -> [Place]? {
        guard let value = json[name], !value.isNull else { return nil }
        let texts = try readingParameters { () throws(JSONFailure) in
            try json.texts(name, limit: ProtectionSpace.mostPlaces)
        }
        return try texts.isEmpty ? [] : reader.space(texts).places
    }

    /// `session` with the change.
    /// - Throws: a ``Failure`` where it would be for no place, for too many, or was not for one that is to go.
    func applied(to session: Session) throws(Failure) -> Session {
        var changed = session
        if let isAmbient { changed.settings.isAmbient = isAmbient }
        if let isDefault { changed.settings.isDefault = isDefault }
        if let insecure { changed.settings.insecure = insecure }
        if let confirms { changed.settings.confirms = confirms }
        var space = places ?? session.space.places
        for place in added where !space.contains(place) { space.append(place) }
        for place in removed {
            guard let index = space.firstIndex(of: place) else { throw .notFor(session.name, place.description) }
            space.remove(at: index)
        }
        guard !space.isEmpty else { throw .forNothing(session.name) }
        guard space.count <= ProtectionSpace.mostPlaces else {
            throw .tooManyPlaces(session.name, ProtectionSpace.mostPlaces)
        }
        changed.space = ProtectionSpace(space)
        return changed
    }
}

extension JSONValue {
    /// The boolean of the member `name`; nil where it is missing or null.
    fileprivate func optionalFlag(_ name: String) throws(JSONFailure) -> Bool? {
        guard let value = self[name], !value.isNull else { return nil }
        guard let flag = value.bool else { throw .member(name) }
        return flag
    }
}

extension Registry {
    /// Gives a session another name.
    /// - Throws: a ``Failure``, `usage` where the name is taken.
    func rename(_ entry: SessionEntry, to name: SessionName) async throws(Failure) {
        try reserve(name)
        defer { release(name) }
        try await update(entry, items: .atOnce) { session in
            session.name = name
            return true
        }
    }

    /// Changes a session's settings; of the sessions for one place at most one is the default, so that others may cease
    /// to be.
    /// - Returns: the names of those.
    func set(_ entry: SessionEntry, _ change: SettingsChange) async throws(Failure) -> [SessionName] {
        // Two who each made theirs the default would else not see the other's.
        await settings.enter()
        defer { settings.leave() }
        try entry.requireThere()
        let wanted = try change.applied(to: entry.session)
        var others: [SessionName] = []
        // A crash in between leaves no default, and so an ambiguity that is told, not two.
        for other in wanted.settings.isDefault ? rivals(of: entry, for: wanted.space) : [] {
            let ceases = try await update(other, items: .atOnce) { session in
                session.settings.isDefault = false
                return true
            }
            if ceases { others.append(other.session.name) }
        }
        var refusal: Failure?
        try await update(entry, items: .atOnce) { session in
            // As it is by now: a login may have changed it.
            do throws(Failure) { session = try change.applied(to: session) } catch {
                refusal = error
                return false
            }
            return true
        }
        if let refusal { throw refusal }
        return others
    }

    private func rivals(of entry: SessionEntry, for space: ProtectionSpace) -> [SessionEntry] {
        all.filter { other in
            other !== entry && other.session.settings.isDefault
                && other.session.space.places.contains(where: space.places.contains)
        }
    }
}
