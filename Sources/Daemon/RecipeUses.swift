import Model
import Recipes

extension Recipe {
    /// The recipe behind a refresh token that the person brought: it renews, and no more.
    static let refreshOnly = "oauth2-refresh"

    /// What `--recipe` calls OAuth 2, which is no list of exchanges but a part of its own.
    static let oauth2 = "oauth2"

    /// Whether one can log in by it.
    var canLogIn: Bool { !login.isEmpty }
}

extension Session {
    /// Whether the person brought it: there is nothing to log in by.
    var wasAdded: Bool {
        oauth != nil ? false : recipe.flatMap { Recipe.named($0.recipe) }.map { !$0.canLogIn } ?? true
    }
}
