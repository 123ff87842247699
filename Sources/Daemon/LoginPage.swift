import Prose

/// What the browser shows when it comes back from a login.
enum LoginPage {
    /// The session is kept.
    case done
    /// It is not; the terminal says why.
    case failed
    /// Another answer came before this one.
    case tooLate
    /// There is nothing at this address.
    case notHere

    /// The whole HTTP answer. It loads nothing, is kept nowhere, and tells no other page its address.
    var response: String {
        let (status, text) =
            switch self {
            case .done: ("200 OK", Prose.pageDone)
            case .failed: ("400 Bad Request", Prose.pageFailed)
            case .tooLate: ("409 Conflict", Prose.pageTooLate)
            case .notHere: ("404 Not Found", Prose.pageNotHere)
            }
        let body = """
            <!doctype html><meta charset="utf-8"><title>Lanyard</title>
            <meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
            <body style="font: 1.2em sans-serif; max-width: 30em; margin: 20vh auto; padding: 0 1em">
            <p>\(text)</p></body>

            """
        return [
            "HTTP/1.1 \(status)", "Content-Type: text/html; charset=utf-8", "Content-Length: \(body.utf8.count)",
            "Connection: close", "Cache-Control: no-store", "Referrer-Policy: no-referrer",
            "X-Content-Type-Options: nosniff",
            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'", "", body,
        ]
        .joined(separator: "\r\n")
    }
}
