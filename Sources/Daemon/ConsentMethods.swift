import EventLoop
import Glibc
import Keyring
import Model
import Prose
import Varlink

/// Asking the person whether a program may use a session, and their answers.
extension AgentService {
    /// The programs that wait or were refused, for sessions that are there.
    func consents() throws(Failure) -> SecretBytes {
        try agent.requireOpen()
        let (waiting, refused) = (agent.consents.waiting(), agent.consents.refused())
        return VarlinkReply.message { json in
            write("waiting", waiting, &json)
            write("refused", refused, &json)
        }
    }

    /// The person's answer to those that wait. Consent to what they have refused has to name its leader: who is meant may
    /// have ended meanwhile, and consent would go to one that was refused.
    func consent(_ parameters: JSONValue) throws(Failure) -> SecretBytes {
        try agent.requireOpen()
        let entry = try agent.registry.entry(try parameters.sessionName())
        let (leader, allow) = try readingParameters { () throws(JSONFailure) in
            (try parameters.optionalInteger("leader"), try parameters.flag("allow"))
        }
        let isMeant = { (wish: Consents.Wish) in
            wish.session == entry.session.id && (leader.map { $0 == Int64(wish.tree.leader) } ?? true)
        }
        var asked = agent.consents.waiting().filter(isMeant)
        if allow && asked.isEmpty {
            asked = agent.consents.refused().filter(isMeant)
            guard leader != nil || asked.isEmpty else { throw .onlyRefused(entry.session.name, leaders(asked)) }
        }
        // One may have come since the person looked; a refusal does no harm.
        guard leader != nil || !allow || asked.count < 2 else {
            throw .severalAsk(entry.session.name, leaders(asked))
        }
        agent.consents.answer(asked, allow: allow)
        return VarlinkReply.message { write("answered", asked, &$0) }
    }

    private func leaders(_ wishes: [Consents.Wish]) -> [(name: String, pid: Int32)] {
        wishes.map { ($0.leader.program(claimed: "?"), $0.tree.leader) }
    }

    private func write(_ name: String, _ wishes: [Consents.Wish], _ json: inout JSONWriter) {
        json.array(name) { json in
            for wish in wishes { write(wish, &json) }
        }
    }

    private func write(_ wish: Consents.Wish, _ json: inout JSONWriter) {
        guard let entry = agent.registry.all.first(where: { $0.session.id == wish.session }) else { return }
        json.object { json in
            json.member("session", entry.session.name.description)
            json.member("leader", wish.tree.leader)
            json.member("leader_program", wish.leader.program(claimed: "?"))
            json.member("pid", wish.caller.pid)
            json.member("program", wish.caller.program(claimed: "?"))
            json.member("since", wish.since.rfc3339)
        }
    }
}

extension Agent {
    /// So many questions stand on the desktop at once; `lanyard confirm` has them all.
    private static let mostShown = 4

    /// Fails where the person has not consented that `caller` gets a secret of the session's; asks them.
    func requireConsent(_ entry: SessionEntry, _ caller: Caller) throws(Failure) {
        let reason: AttachReason
        switch consents.standing(of: caller, for: entry.session, asks: true) {
        case .allowed: return
        case .refused: reason = .refusedByPerson
        case .waits: reason = .unconfirmed
        }
        throw .notAttached(NotAttached(reason, origin: "", sessions: [entry.session.name]))
    }

    /// Asks on the desktop.
    func show(_ wish: Consents.Wish) {
        guard settings.notifies, consentsShown < Self.mostShown,
            let entry = registry.all.first(where: { $0.session.id == wish.session })
        else { return }
        let name = entry.session.name
        let who = CommandProse.program(wish.caller.program(claimed: "?"), wish.caller.pid)
        let tree = CommandProse.program(wish.leader.program(claimed: "?"), wish.tree.leader)
        consentsShown += 1
        EventLoop.task { [self] in
            let answer = await DesktopNotification.ask(
                Prose.consentTitle(name), Prose.consentText(name, program: who, tree: tree),
                buttons: [("allow", Prose.allow), ("refuse", Prose.refuse)])
            consentsShown -= 1
            guard let answer, answer == "allow" || answer == "refuse" else { return }
            // A command may have answered meanwhile.
            let asked = consents.waiting().filter { $0.session == wish.session && $0.tree == wish.tree }
            consents.answer(asked, allow: answer == "allow")
        }
    }
}
