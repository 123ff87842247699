import Glibc
import Model

@testable import Client
@testable import Prose

/// A moment for tests: 2026-11-23T14:00:00Z.
let now = WallInstant(seconds: 1_795_442_400)

/// Says times in UTC, wherever the tests run.
let inUTC: Void = {
    unsafe setenv("TZ", "UTC", 1)
    tzset()
}()

/// The JSON value that `text` is.
func json(_ text: String) throws -> JSONValue { try JSONDocument(SecretBytes(text)).root }

/// The text of a page that holds no real secret.
func text(_ page: SecretBytes) -> String { page.exposedText() ?? "not UTF-8" }

/// A session as the daemon tells of it; `more` are members that replace these.
func session(_ name: String, _ kind: String, state: String = "active", _ more: String = "") throws -> SessionView {
    let value = try json(
        """
        {\(more.isEmpty ? "" : more + ",")"name":"\(name)","kind":"\(kind)","for":["https://\(name).example.com"],
        "state":"\(state)","expires":null,"recipe":null,"account":null,"last_use":null,"header":null,"renews":false,
        "since":null}
        """)
    guard let view = SessionView(value) else { throw Failure(.internal, "the fixture is no session") }
    return view
}
