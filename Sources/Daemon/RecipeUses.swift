import Recipes

extension Recipe {
    /// The recipe behind a refresh token that the person brought: it renews, and no more.
    static let refreshOnly = "oauth2-refresh"

    /// Whether one can log in by it.
    var canLogIn: Bool { !login.isEmpty }
}
