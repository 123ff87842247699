import Model

/// The recipes there are: those that come with Lanyard, and a person's own.
public struct RecipeBook: Sendable {
    /// A file that could not be read as a recipe.
    public struct Spoiled: Sendable, Equatable {
        /// The name the recipe would have.
        public let name: String
        /// The file.
        public let path: String
        /// What is wrong in it.
        public let mistake: FileMistake

        /// The file at `path`, with its mistake.
        public init(name: String, path: String, mistake: FileMistake) {
            self.name = name
            self.path = path
            self.mistake = mistake
        }
    }

    /// All that can be used, those that come with Lanyard first.
    public let recipes: [Recipe]
    /// Files that cannot.
    public let spoiled: [Spoiled]
    private let byName: [String: Recipe]

    /// The built-in recipes and `own`, whose names are not those of built-in ones.
    public init(own: [Recipe] = [], spoiled: [Spoiled] = []) {
        recipes = Recipe.builtIn + own.sorted { $0.name < $1.name }
        self.spoiled = spoiled.sorted { $0.name < $1.name }
        byName = Dictionary(recipes.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Hosts that several recipes name just so, and the names of those, the one that is taken first.
    public var contested: [(host: String, recipes: [String])] {
        var names: [String: [String]] = [:]
        for recipe in recipes {
            for host in Set(recipe.hosts.map { $0.text.lowercased() }) { names[host, default: []].append(recipe.name) }
        }
        return names.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The recipe of this name; nil where there is none that can be used.
    public subscript(name: String) -> Recipe? { byName[name] }

    /// The names of the recipes that one can log in by.
    public var loginNames: [String] { recipes.filter { !$0.login.isEmpty }.map(\.name) }

    /// The recipe that says it is for this host; of several the one that names it most closely.
    public func recipe(for target: RequestTarget) -> Recipe? {
        let fitting = recipes.compactMap { recipe in
            recipe.hosts.compactMap { $0.fit(target) }.max().map { (recipe: recipe, fit: $0) }
        }
        guard let best = fitting.map(\.fit).max() else { return nil }
        return fitting.first { $0.fit == best }?.recipe
    }
}
