import Model
import Testing

@testable import Daemon

private func mistake(_ text: String) -> FileMistake? {
    do throws(FileMistake) { _ = try Settings(Array(text.utf8)) } catch { return error }
    return nil
}

@Suite struct SettingsTests {
    @Test func aFileSaysWhatIsSet() throws {
        let settings = try Settings(
            Array(
                """
                store = "vault"
                passphrase-file = "/etc/pass"
                notify = false
                on-needs-login = ["mail", "-s", "a b"]
                on-renewed = []
                """.utf8))
        #expect(settings.store == "vault" && settings.passphraseFile == "/etc/pass" && !settings.notifies)
        #expect(settings.onNeedsLogin == ["mail", "-s", "a b"] && settings.onRenewed.isEmpty)
        #expect(try Settings([]) == Settings())
    }

    @Test(arguments: [
        ("\nstor = 'vault'", 2), ("store = 'plain'", 1), ("store = true", 1), ("notify = 'yes'", 1),
        ("passphrase-file = 'relative'", 1), ("on-needs-login = 'touch x'", 1), ("on-renewed = ['']", 1),
        ("on-renewed = [\n'a', 1]", 2), ("[store]", 1),
    ])
    func aMistakeHasItsLine(_ text: String, _ line: Int) { #expect(mistake(text)?.line == line) }

    @Test func variablesWin() throws {
        var settings = try Settings(Array("store = 'vault'\nnotify = true".utf8))
        let variables = [
            "LANYARD_STORE": "secret-service", "LANYARD_PASSPHRASE_FILE": "/p", "LANYARD_NOTIFY": "false",
            "LANYARD_ON_NEEDS_LOGIN": "say  it", "LANYARD_ON_RENEWED": "touch x",
        ]
        try settings.override { variables[$0] }
        #expect(settings.store == "secret-service" && settings.passphraseFile == "/p" && !settings.notifies)
        #expect(settings.onNeedsLogin == ["say", "it"] && settings.onRenewed == ["touch", "x"])
        #expect(throws: Failure.self) { try settings.override { $0 == "LANYARD_NOTIFY" ? "1" : nil } }
    }
}
