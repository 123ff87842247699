import Model
import Prose
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
    var wasAdded: Bool { recipe.map { $0.recipe == Recipe.refreshOnly } ?? true }
}

extension RecipeBook {
    /// The recipe that a session was made with.
    /// - Throws: a ``Failure`` where its file is gone or has a mistake.
    func recipe(of session: Session, _ use: Session.RecipeUse) throws(Failure) -> Recipe {
        if let recipe = self[use.recipe] { return recipe }
        if let spoiled = spoiled.first(where: { $0.name == use.recipe }) {
            throw .recipeSpoiled(spoiled.path, spoiled.mistake, session: session.name)
        }
        throw .recipeGone(use.recipe, session: session.name)
    }

    /// The recipe of this name, to log in by.
    /// - Throws: a ``Failure`` where there is none, or its file has a mistake.
    func loginRecipe(_ name: String) throws(Failure) -> Recipe {
        if let spoiled = spoiled.first(where: { $0.name == name }) {
            throw .recipeSpoiled(spoiled.path, spoiled.mistake, session: nil)
        }
        guard let recipe = self[name], recipe.canLogIn else {
            throw .noRecipe(name, known: loginNames + [Recipe.oauth2])
        }
        return recipe
    }
}
