import Model

/// What a login under way wants a person to know or to do.
enum LoginStep {
    /// A line.
    case say(String)
    /// A page to open in the browser, and when that is too late.
    case open(url: String, end: BootInstant)
    /// A code to enter at a page.
    case code(String, at: String, complete: String?, end: BootInstant)

    /// Writes the step.
    /// - Parameter first: the caller is the one who began the login, and opens the browser.
    func write(first: Bool, now: BootInstant, _ json: inout JSONWriter) {
        json.object("step") { json in
            switch self {
            case .say(let text):
                json.member("kind", "say")
                json.member("text", text)
            case .open(let url, let end):
                json.member("kind", "open")
                json.member("url", url)
                json.member("left", Int64(max(0, end - now)))
            case .code(let code, let url, let complete, let end):
                json.member("kind", "code")
                json.member("code", code)
                json.member("url", url)
                json.member("complete", complete)
                json.member("picture", QRCode(complete ?? url)?.rows ?? [])
                json.member("left", Int64(max(0, end - now)))
            }
            json.member("first", first)
        }
    }
}
