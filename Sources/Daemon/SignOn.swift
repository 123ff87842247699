import EventLoop
import Model
import Prose
import Recipes

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
        case .success: return .nobody
        case .failure(let failed):
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
        case .failure(let failed): throw failed.failure
        }
    }

    /// What a logout does not end, in a line; none where the login was at its own origin.
    func signOnStays(_ session: Session) -> [String] {
        guard session.recipeCookies != nil, let use = session.recipe else { return [] }
        return [Prose.signOnStays(use.loginHosts.map { exchange.site(of: $0) })]
    }
}
