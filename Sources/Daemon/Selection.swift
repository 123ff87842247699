import Model

/// Which session a request gets (design: "Which session", "Redirects"), before the transport is looked at.
struct Selection {
    /// The session.
    let entry: SessionEntry
    /// Why this one.
    let rule: SelectionRule

    /// Chooses for `question`.
    /// - Parameters:
    ///   - matches: the sessions whose protection space has a target.
    ///   - named: the entry of each session the person named; nil where there is none of that name.
    static func choose(
        _ question: AttachQuestion,
        matches: (RequestTarget) -> [(entry: SessionEntry, length: MatchLength)],
        named: (SessionName) -> SessionEntry?
    ) throws(NotAttached) -> Selection {
        // Limits that cannot be understood are limits all the same.
        if question.namesNonsense { throw NotAttached(.noSession, origin: question.target.origin) }
        for name in question.limits where named(name) == nil {
            throw NotAttached(.noSession, origin: question.target.origin, sessions: [name], file: question.folder.file)
        }
        let first = Result { () throws(NotAttached) in try best(for: question.start, question, matches) }
        if question.hop == 0 { return try first.get() }
        return try follow(first, question, matches)
    }

    /// A later hop: the session of the URL the script named, while the redirects stay with it, or one that the person
    /// named as well; that a file names it is not enough. A hostile site cannot spend another login.
    private static func follow(
        _ first: Result<Selection, NotAttached>, _ question: AttachQuestion,
        _ matches: (RequestTarget) -> [(entry: SessionEntry, length: MatchLength)]
    ) throws(NotAttached) -> Selection {
        let origin = question.target.origin
        let chosen = try? first.get()
        if let chosen, !question.hasLeft, chosen.entry.session.space.match(question.target) != nil { return chosen }
        if !question.sessions.isEmpty,
            let other = try? best(for: question.target, question, matches), other.entry !== chosen?.entry
        {
            return other
        }
        if let chosen { throw NotAttached(.left, origin: origin, sessions: [chosen.entry.session.name]) }
        let here = matches(question.target).map(\.entry.session.name)
        throw NotAttached(here.isEmpty ? .noMatch : .otherSession, origin: origin, sessions: here)
    }

    /// The longest match for `target` among the sessions in question.
    private static func best(
        for target: RequestTarget, _ question: AttachQuestion,
        _ matches: (RequestTarget) -> [(entry: SessionEntry, length: MatchLength)]
    ) throws(NotAttached) -> Selection {
        let all = matches(target)
        let allowed =
            question.limits.isEmpty ? all : all.filter { question.limits.contains($0.entry.session.name) }
        guard let longest = allowed.map(\.length).max() else {
            throw NotAttached(
                .noMatch, origin: target.origin, sessions: question.limits, file: question.folder.file)
        }
        let equals = allowed.filter { $0.length == longest }.map(\.entry)
        if equals.count == 1 {
            return Selection(entry: equals[0], rule: rule(question, isOnly: allowed.count == 1))
        }
        let defaults = equals.filter(\.session.settings.isDefault)
        if defaults.count == 1 { return Selection(entry: defaults[0], rule: .byDefault) }
        throw NotAttached(.ambiguous, origin: target.origin, sessions: equals.map(\.session.name).sorted())
    }

    private static func rule(_ question: AttachQuestion, isOnly: Bool) -> SelectionRule {
        if !question.sessions.isEmpty { return .named }
        if question.folder.file != nil { return .file }
        return isOnly ? .only : .longest
    }
}
