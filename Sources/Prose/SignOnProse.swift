import Model

/// Logins that pass through other hosts.
extension Failure {
    /// What was named is no origin that a login can pass through.
    public static func badLoginHost(_ text: String) -> Failure {
        Failure(
            .usage, "a login cannot pass through \(Prose.printable(text))",
            mend:
                "name an origin of https without a path, such as --via https://sso.example.org; http is for this machine alone"
        )
    }

    /// More origins than a login may pass through.
    public static func tooManyLoginHosts(_ most: Int) -> Failure {
        Failure(.usage, "a login passes through \(most) other origins at most")
    }

    /// The recipe goes nowhere else.
    public static func cannotSignOn(_ recipe: String) -> Failure {
        Failure(
            .usage, "a login by \(Prose.printable(recipe)) passes through no other host: it fills in no form",
            mend: "leave out --via, or name a recipe with a form: --recipe form")
    }

    /// OAuth has its own way.
    public static let oauthPassesNowhere = Failure(
        .usage, "--via is for logins by a form; OAuth opens your browser, which goes where it has to",
        mend: "leave out --via, or the options of OAuth")
}

extension Prose {
    /// The command for a login that leads to other origins.
    public static func mendVia(_ url: String, _ origins: [String]) -> String {
        let via = origins.map { " --via \(printable($0))" }.joined()
        return
            "if that is where you log in: \(CommandProse.commandLine(["lanyard", "login", printable(url)]))\(via); else keep a token you have: lanyard add"
    }

    /// A form would give the password to another origin than its page's.
    public static func passwordElsewhere(_ origin: String) -> String {
        "its form would send the password to \(printable(origin)), which did not ask for it"
    }
    /// Another origin asks than the one that the person was told of, or has named.
    public static func otherAsker(_ origin: String) -> String {
        "\(printable(origin)) asks for the password, and that is not whom you have named or were told of: it was not sent"
    }
    /// Login: who gets the password.
    public static func sendsTo(_ site: String, _ other: String) -> String {
        "\(site) sends you to \(other) to log in"
    }
    /// Login: nobody asks for a password.
    public static func needsNoPassword(_ site: String) -> String {
        "\(site) needs no password: you are still logged in there"
    }
    /// The prompt for a password that another host gets.
    public static func password(for site: String) -> String { "password for \(site)" }
    /// Logout: what is not ended.
    public static func signOnStays(_ sites: [String]) -> String {
        "\(sites.joined(separator: ", ")) was not told: the login there goes on until it ends by itself"
    }
}

extension CommandProse {
    /// The other hosts of a login.
    public static func through(_ hosts: [String]) -> String { "through \(hosts.joined(separator: ", "))" }
}
