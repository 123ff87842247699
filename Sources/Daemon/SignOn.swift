import Cookies
import EventLoop
import Model
import Prose
import Recipes
import Store

/// Logins that pass through other hosts.
extension SignIn {
    /// Who asks for the password of a login.
    enum Asker {
        /// The form of this origin.
        case origin(String)
        /// Nobody: those hosts still know the person.
        case nobody
    }

    /// Goes where the login goes, without a password, to see who asks for it.
    func asker(_ plan: Plan, trace: ExchangeTrace? = nil) async throws(Failure) -> Asker {
        let means = SignOnRun.Means(
            hosts: plan.loginHosts, inputs: RecipeInputs(user: plan.account), recipeJar: plan.recipeJar)
        let exchange = exchange.trusting(plan.authorities, trace: trace)
        switch await exchange.signOn(plan.recipe, at: plan.url, means, session: plan.entry?.session) {
        case .success(let grant):
            try await keepWhatIsSet(grant.recipeJar, plan)
            return .nobody
        case .failure(let failed):
            try await keepWhatIsSet(failed.recipeJar, plan)
            guard let origin = failed.asker else { throw failed.failure }
            return .origin(origin)
        }
    }

    /// Logs in.
    func signOn(_ plan: Plan, _ inputs: RecipeInputs, asker: String?) async throws(Failure) -> Grant {
        let means = SignOnRun.Means(
            hosts: plan.loginHosts, inputs: inputs, recipeJar: plan.recipeJar, asker: asker)
        let exchange = exchange.trusting(plan.authorities)
        switch await exchange.signOn(plan.recipe, at: plan.url, means, session: plan.entry?.session) {
        case .success(let grant): return grant
        case .failure(let failed):
            try await keepWhatIsSet(failed.recipeJar, plan)
            throw failed.failure
        }
    }

    /// Keeps what those hosts have set on the way, whatever came of it: they may take what they were shown only once.
    private func keepWhatIsSet(_ jar: CookieJar?, _ plan: Plan) async throws(Failure) {
        guard let jar, jar.count > 0, let entry = plan.entry, let shown = plan.recipeCookies else { return }
        try await registry.update(entry) { session in
            guard session.recipeCookies == shown else { return false }
            session.recipeCookies = RecipeCookies.encode(jar, now: clock.wall())
            return true
        }
    }

    /// What a logout does not end, in a line; none where the login was at its own origin.
    func signOnStays(_ session: Session) -> [String] {
        guard session.recipeCookies != nil else { return [] }
        return [Prose.signOnStays(exchange.loginHosts(of: session).map { exchange.site(of: $0) })]
    }
}
