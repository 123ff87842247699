import Model

/// What whoever does the transfers drives: says the next request, is given its answer, and says the next thing.
public protocol RecipeSteps: Sendable {
    /// The address of the login.
    var url: String { get }
    /// The URL that was asked last, for messages.
    var place: String { get }
    /// The other origins it may pass through; nil where it cannot pass through any.
    var passesThrough: [String]? { get }
    /// The first step.
    mutating func begin() -> RecipeRun.Step
    /// The step after the answer to the last request.
    mutating func receive(_ answer: HTTPResponse) -> RecipeRun.Step
}
