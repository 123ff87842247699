import Model
import Prose
import Recipes
import TOML
import Varlink

/// What the daemon reads at its start and at a reload: settings, and a person's recipes and OAuth clients.
///
/// It is read on the loop's thread: a few small files of the person's own, as the program's own file is looked at.
struct Configuration {
    /// The settings, environment variables included.
    var settings = Settings()
    /// The recipes, the built-in ones included.
    var recipes = RecipeBook()
    /// The OAuth clients that the person knows of.
    var clients = KnownClients()

    /// More files are no recipes of a person's.
    private static let mostRecipes = 1000

    /// The folder of them.
    static var folder: String { Environment.folder("XDG_CONFIG_HOME", orHome: ".config") }

    /// The folder of the recipes.
    static var recipeFolder: String { folder + "/recipes" }

    /// Reads them. A recipe with a mistake is one that cannot be used; settings and clients with one are refused.
    /// - Throws: a ``Failure`` with file, line and what was expected.
    static func read() throws(Failure) -> Configuration {
        var configuration = Configuration()
        let path = folder + "/config.toml"
        if let bytes = try PersonalFile.read(path, limit: TOMLDocument.largest) {
            do throws(FileMistake) { configuration.settings = try Settings(bytes) } catch {
                throw .settingsMistake(path, error)
            }
        }
        try configuration.settings.override(by: Environment.value)
        configuration.recipes = try recipes(in: recipeFolder)
        configuration.clients = try clients(in: folder + "/clients.toml")
        return configuration
    }

    private static func clients(in path: String) throws(Failure) -> KnownClients {
        guard let bytes = try PersonalFile.read(path, limit: TOMLDocument.largest) else { return KnownClients() }
        do throws(FileMistake) { return try KnownClientFile.read(bytes) } catch { throw .settingsMistake(path, error) }
    }

    private static func recipes(in folder: String) throws(Failure) -> RecipeBook {
        var recipes: [Recipe] = []
        var spoiled: [RecipeBook.Spoiled] = []
        for file in try PersonalFile.names(in: folder).filter(isRecipe).prefix(mostRecipes) {
            let path = folder + "/" + file
            let name = String(file.dropLast(ending.utf8.count))
            guard let bytes = try PersonalFile.read(path, limit: TOMLDocument.largest) else { continue }
            do throws(FileMistake) { recipes.append(try RecipeFile.read(bytes, name: name, path: path)) } catch {
                spoiled.append(RecipeBook.Spoiled(name: name, path: path, mistake: error))
            }
        }
        return RecipeBook(own: recipes, spoiled: spoiled)
    }

    /// The recipes' files that are in none of `book`: they came after it was read.
    static func unread(besides book: RecipeBook) -> [String] {
        let known = Set(book.recipes.compactMap(\.path) + book.spoiled.map(\.path))
        let files = (try? PersonalFile.names(in: recipeFolder)) ?? []
        return files.filter(isRecipe).prefix(mostRecipes).map { recipeFolder + "/" + $0 }.filter { !known.contains($0) }
    }

    private static let ending = ".toml"

    /// Hidden files are an editor's.
    private static func isRecipe(_ file: String) -> Bool { file.hasSuffixBytes(ending) && !file.hasPrefix(".") }
}
