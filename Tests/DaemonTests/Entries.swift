import Cookies
import Model
import Testing
import Transfer

@testable import Daemon

/// The parts of a URL, as libcurl reads them.
func target(_ url: String) throws -> RequestTarget { try URLParser.parse(url).target }

/// A session of the daemon's with a token, for these places.
func entry(_ name: String, _ places: [String], edit: (inout Session) -> Void = { _ in }) throws -> SessionEntry {
    let reader = PlaceReader(syntax: .libcurl)
    let sessionName = try #require(SessionName(name))
    var session = Session(
        name: sessionName, space: try reader.space(places),
        credential: .token(AccessToken(scheme: "Bearer", value: SecretBytes("not-a-real-token"))),
        created: WallInstant(seconds: 0))
    edit(&session)
    return SessionEntry(session: session, jar: CookieJar())
}

/// Sessions as the registry looks them up.
struct Sessions {
    private let entries: [SessionEntry]
    private var index = SpaceIndex()

    init(_ entries: SessionEntry...) {
        self.entries = entries
        for entry in entries { index.insert(entry) }
    }

    /// What `question` gets: the session's name and the rule, or the reason for none.
    func choose(_ question: AttachQuestion) -> String {
        do throws(NotAttached) {
            let selection = try Selection.choose(
                question, matches: index.matches, named: { name in entries.first { $0.session.name == name } })
            return "\(selection.entry.session.name) \(selection.rule.rawValue)"
        } catch {
            return error.reason.rawValue
        }
    }

    /// What a request for `url` gets at hop 0.
    func choose(_ url: String, named names: String...) throws -> String {
        choose(AttachQuestion(about: try target(url), sessions: names))
    }

    /// What a redirect from `start` to `url` gets.
    func follow(_ start: String, to url: String, left: Bool = false, named names: String...) throws -> String {
        var question = AttachQuestion(about: try target(url), sessions: names)
        question.start = try target(start)
        question.hop = 1
        question.hasLeft = left
        return choose(question)
    }
}
