import EventLoop
import Model
import Prose
import Recipes
import TOML
import Varlink

/// The methods about recipes.
extension AgentService {
    private static let ending = ".toml"

    func recipes() -> SecretBytes {
        let book = agent.exchange.recipes
        return VarlinkReply.message { json in
            json.array("recipes") { json in
                for recipe in book.recipes where recipe.canLogIn {
                    json.object { json in
                        json.member("name", recipe.name)
                        json.member("title", recipe.title)
                        json.member("hosts", recipe.hosts.map(\.text))
                        json.member("path", recipe.path)
                    }
                }
            }
            json.member("mistakes", book.spoiled.map { Prose.mistake($0.path, $0.mistake) })
            json.member(
                "notices",
                book.contested.map { Prose.contested($0.host, $0.recipes) }
                    + Configuration.unread(besides: book).map(Prose.recipeUnread))
            json.member("folder", Configuration.recipeFolder)
        }
    }

    func checkRecipe(_ parameters: JSONValue) throws(Failure) -> SecretBytes {
        let (path, text) = try readingParameters { () throws(JSONFailure) in
            (try parameters.text("path", limit: 4096), try parameters.text("text", limit: TOMLDocument.largest + 1))
        }
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let name = file.hasSuffixBytes(Self.ending) ? String(file.dropLast(Self.ending.utf8.count)) : file
        let recipe: Recipe
        do throws(FileMistake) { recipe = try RecipeFile.read(Array(text.utf8), name: name, path: path) } catch {
            throw .noRecipeFile(path, error)
        }
        return VarlinkReply.message { json in
            json.member("name", recipe.name)
            json.member("title", recipe.title)
            json.member("folder", Configuration.recipeFolder)
        }
    }
}
