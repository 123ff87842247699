import Model
import Prose

/// The page of `lanyard show`: one session in full. It may hold secrets, so it is written in secret memory.
public struct SessionPage {
    private let session: SessionView
    private let details: JSONValue
    private let style: Style
    private let time: TimePhrase

    /// A page.
    /// - Parameters:
    ///   - session: the session.
    ///   - details: what the daemon adds to it; what is missing there is left out.
    ///   - style: whether it may be coloured.
    ///   - now: the moment that "in 41 min" counts from.
    public init(_ session: SessionView, details: JSONValue, style: Style, now: WallInstant = Clock.system.wall()) {
        self.session = session
        self.details = details
        self.style = style
        time = TimePhrase(now: now)
    }

    /// The page.
    public func text() -> SecretBytes {
        var page = PageText(indent: 2)
        page.line(style.paint(session.name, .bold))
        page.row("kind", details["kind_text"]?.shownText ?? CommandProse.kind(session))
        page.row("for", session.places.joined(separator: " "))
        if let account = session.account ?? details["user"]?.shownText { page.row("account", account) }
        let settings = CommandProse.settingWords(session)
        if !settings.isEmpty { page.row("settings", settings.joined(separator: ", ")) }
        page.row("state", style.paint(state, state: session.state))
        credential(&page)
        if let claims = claims { page.row("claims", claims) }
        cookies(&page)
        refresh(&page)
        if let recipe { page.row("recipe", recipe) }
        if let count = details["authorities"]?.integer {
            page.row("trusts", CommandProse.authorities(count))
        }
        if let lastUse { page.row("last use", lastUse) }
        if let created = details["created"]?.instant { page.row("made", time.moment(created, exact: true)) }
        if let skew = details["skew"]?.integer, abs(skew) > 60 { page.row("clock", CommandProse.skew(skew)) }
        if let stored { page.row("stored in", stored) }
        return page.finish()
    }

    private var state: String {
        let needs = details["needs_login"]
        return CommandProse.state(
            session.state, since: needs?["since"]?.instant ?? session.since, cause: needs?["cause"]?.shownText, time)
    }

    /// What the session sends but for cookies, and when it ends.
    private func credential(_ page: inout PageText) {
        let member =
            switch session.kind {
            case "header": "value"
            case "basic": "password"
            default: "token"
            }
        let end = (details["expires"]?.instant ?? session.expires).map { CommandProse.end($0, time) }
        let expiry = end.map { "  expires " + $0 } ?? ""
        if let secret = details[member]?.secret {
            page.row(member, secret, after: expiry)
        } else if let bytes = details[member + "_bytes"]?.integer {
            page.row(
                member, CommandProse.redacted(start: details["token_prefix"]?.shownText ?? "", bytes: bytes) + expiry)
        } else if session.kind == "basic" {
            page.row(member, CommandProse.redacted)
        } else if let end {
            page.row("expires", end)
        }
    }

    /// A line of the token's claims (RFC 7519, 4.1), those that are times as times.
    private var claims: String? {
        guard let members = details["claims"]?.members, !members.isEmpty else { return nil }
        return members.map { name, value in
            shown(name) + " " + CommandProse.claim(name, value, time, relative: false)
        }.joined(separator: " · ")
    }

    private func cookies(_ page: inout PageText) {
        for (index, cookie) in (details["cookies"]?.elements ?? []).enumerated() {
            let label = index == 0 ? "cookies" : ""
            let about = CommandProse.cookie(cookie, time)
            if let value = cookie["value"]?.secret {
                page.row(label, value, before: (cookie["name"]?.shownText ?? "") + "=", after: "  " + about)
            } else if let digits = cookie["value_hex"]?.secret {
                let name = cookie["name"]?.shownText ?? ""
                page.row(label, digits, before: name + "=" + CommandProse.noText, after: "  " + about)
            } else {
                page.row(label, (cookie["name"]?.shownText ?? "") + "  " + about)
            }
        }
    }

    private func refresh(_ page: inout PageText) {
        guard let refresh = details["refresh"], refresh.isObject else { return }
        let about = CommandProse.refresh(refresh, time)
        if let token = refresh["token"]?.secret {
            page.row("refresh", token, after: "  " + about)
        } else {
            page.row("refresh", about)
        }
    }

    private var recipe: String? {
        guard let recipe = session.recipe else { return nil }
        let hosts = (details["login_hosts"]?.elements ?? []).compactMap(\.shownText)
        let way = hosts.isEmpty ? nil : CommandProse.through(hosts)
        let text = [recipe, details["recipe_url"]?.shownText, way].compactMap(\.self).joined(separator: " ")
        guard let oauth = details["oauth"], let client = oauth["client_id"]?.string else { return text }
        return text + ", " + CommandProse.client(client, isRegistered: oauth["registered"]?.bool ?? false)
    }

    private var lastUse: String? {
        guard let use = details["last_use"], let when = use["time"]?.instant else {
            return session.source["last_use"]?.instant.map { time.moment($0, exact: true) }
        }
        let request = [use["method"]?.shownText, use["path"]?.shownText].compactMap(\.self).joined(separator: " ")
        return [use["program"]?.shownText, time.moment(when, exact: true), request].compactMap(\.self)
            .joined(separator: ", ")
    }

    private var stored: String? {
        details["store"].map { CommandProse.storedIn($0, version: details["version"]?.integer) }
    }
}

/// Labelled lines, in secret memory.
struct PageText: ~Copyable {
    /// The width of the labels with the space after them.
    private let labelWidth: Int

    private var buffer = SecretBuffer(capacity: 4096)
    private let indent: String
    private let width: Int?

    /// An empty page, whose rows are indented by so many spaces.
    /// - Parameters:
    ///   - longest: the length of the longest label.
    ///   - width: the columns that rows of text are broken at, between words; nil where they are not.
    init(indent: Int, longest: Int = 10, width: Int? = nil) {
        self.width = width
        self.indent = String(repeating: " ", count: indent)
        labelWidth = longest + 1
    }

    mutating func line(_ text: String) { buffer.append(text + "\n") }

    mutating func row(_ label: String, _ text: String) {
        for (index, part) in parts(of: text).enumerated() { line(indent + padded(index == 0 ? label : "") + part) }
    }

    /// The lines that a row's text takes. Below twenty columns nothing can be read any more.
    private func parts(of text: String) -> [String] {
        guard let width else { return [text] }
        let room = max(20, width - indent.utf8.count - labelWidth)
        var parts: [String] = []
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if let last = parts.last, columns(of: last) + 1 + columns(of: word) <= room {
                parts[parts.count - 1] = last + " " + word
            } else {
                parts.append(String(word))
            }
        }
        return parts
    }

    /// A row with a secret between two texts.
    mutating func row(_ label: String, _ secret: SecretBytes, before: String = "", after: String = "") {
        buffer.append(indent + padded(label) + before)
        buffer.append(secret, escape: escaped)
        buffer.append(after + "\n")
    }

    consuming func finish() -> SecretBytes { buffer.take() }

    private func padded(_ label: String) -> String {
        label + String(repeating: " ", count: max(0, labelWidth - columns(of: label)))
    }
}
