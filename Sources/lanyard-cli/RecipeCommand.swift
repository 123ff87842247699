import ArgumentParser
import Client
import Model
import Prose
import Varlink

/// `lanyard recipe`.
struct RecipeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipe", abstract: "How kinds of sites log in; your own are files, see lanyard-recipes(5).",
        subcommands: [List.self, Check.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The recipes there are, and where they come from.")

        @OptionGroup var output: OutputOptions

        func run() throws {
            var agent = try Agent.reach()
            let page = RecipePage(try agent.call(.recipes))
            try Output.write(output.json ? JSONPage.text(of: page.json()) : page.text())
            for mistake in page.mistakes { ErrorLine.say(Prose.cannotUse(mistake)) }
            for notice in page.notices { ErrorLine.say(notice) }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether a file is a recipe; if not, where the mistake is and what was expected.",
            discussion: "The exit status is 64 if it is none.")

        @Argument(help: "The file, - for standard input.", completion: .file(extensions: ["toml"]))
        var file: String

        func run() throws {
            let text = try TextFile.read(file, largest: TextFile.largestRecipe)
            var agent = try Agent.reach()
            let answer = try agent.call(.checkRecipe) { json in
                json.member("path", file == "-" ? "stdin" : file)
                json.member("text", text)
            }
            let (name, title) = (answer["name"]?.string ?? "", answer["title"]?.string ?? "")
            try Output.write(CommandProse.recipeIsGood(name, title) + "\n")
            guard let folder = answer["folder"]?.string, !Environment.absolute(file).hasPrefix(folder + "/") else {
                return
            }
            try Output.write(CommandProse.recipeElsewhere(folder) + "\n")
        }
    }
}
