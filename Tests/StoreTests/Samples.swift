import Cookies
import EventLoop
import Glibc
import Keyring
import Model

@testable import Store

/// A clock that stands still.
let clock = Clock(wall: { WallInstant(seconds: 1_800_000_000) }, boot: { BootInstant(nanoseconds: 5_000_000_000) })

/// A keyring on a bus that is not there: no test comes near the person's own.
@LoopActor func noKeyring() -> Keyring { Keyring(address: "unix:path=/nowhere/bus") }

/// A key for journals that no vault holds.
let key = SecretBytes(Array(repeating: 7, count: 32))

/// An empty folder that goes with the object.
final class TestFolder {
    let path: String

    init() throws {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/lanyard-store-XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else { throw StoreFailure.io(path: parent, errno: errno) }
        path = unsafe String(cString: made)
    }

    deinit {
        for name in (try? names()) ?? [] { unsafe unlink(path + "/" + name) }
        for name in ["/data", "/state", ""] { unsafe rmdir(path + name) }
    }

    func folder() throws -> Folder { try Folder(path + "/data") }

    var folders: StoreFolders { StoreFolders(data: path + "/data", state: path + "/state") }

    /// The files of both folders, by their paths from here.
    func names() throws -> [String] { entries("/data") + entries("/state") + entries("") }

    private func entries(_ folder: String) -> [String] {
        guard let directory = unsafe opendir(path + folder) else { return [] }
        defer { unsafe closedir(directory) }
        var found: [String] = []
        while let entry = unsafe readdir(directory) {
            guard unsafe entry.pointee.d_type == UInt8(DT_REG) || entry.pointee.d_type == UInt8(DT_FIFO) else {
                continue
            }
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            found.append(String((folder + "/" + name).dropFirst()))
        }
        return found.sorted()
    }

    func read(_ name: String) throws -> [UInt8] {
        let opened = unsafe open(path + "/" + name, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw StoreFailure.io(path: name, errno: errno) }
        return try File(opened, path: name).read(limit: 1 << 30)
    }

    func write(_ bytes: [UInt8], _ name: String, mode: mode_t = 0o600) throws {
        unsafe unlink(path + "/" + name)
        let opened = unsafe open(path + "/" + name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw StoreFailure.io(path: name, errno: errno) }
        fchmod(opened, mode)
        try File(opened, path: name).write(bytes, at: 0)
    }
}

/// A session of this name.
func session(_ name: String, _ credential: Credential, version: UInt64 = 1) throws -> Session {
    let place = Place(scheme: .https, host: .exactly("api.example.com"), port: 443, path: "/v1")
    guard let name = SessionName(name) else { throw JSONFailure.member(name) }
    var session = Session(
        name: name, space: ProtectionSpace([place]), credential: credential,
        created: WallInstant(seconds: 1_799_999_000))
    session.version = version
    return session
}

/// A small session.
func small(_ name: String, secret: String = "small-secret") throws -> Session {
    try session(name, .header(name: "X-Api-Key", value: SecretBytes(secret)))
}

/// A session in which every field has a value of its own.
func full(_ credential: Credential) throws -> Session {
    var full = try session("work/full", credential, version: 42)
    full.account = "alice@example.com"
    full.space.places.append(Place(scheme: .http, host: .below("example.org"), port: 8080))
    full.recipe = Session.RecipeUse(
        recipe: "simplejwt", url: "https://api.example.com/token/", clientID: "client-1",
        loginHosts: ["https://sso.example.com"])
    full.recipeCookies = SecretBytes("recipe's-secret")
    var refresh = RefreshToken(
        value: SecretBytes("refresh-secret"), expiry: Expiry(wall: WallInstant(seconds: 1_800_086_400), clock: clock),
        lifetime: 86_400)
    refresh.rotations = 9
    refresh.lastRotation = WallInstant(seconds: 1_799_999_500)
    full.refresh = refresh
    full.oauth = oauthUse()
    full.settings.isDefault = true
    full.settings.insecure = true
    full.settings.isAmbient = true
    full.lastUse = Session.LastUse(
        time: WallInstant(seconds: 1_799_999_900), program: "curl", method: "GET", path: "/v1/orders")
    full.needsLogin = Session.NeedsLogin(since: WallInstant(seconds: 1_799_999_950), cause: .renewalLost)
    full.renewalBegun = true
    full.skew = -90
    return full
}

/// A cookie in which every field has a value of its own.
func cookie(_ name: String, _ value: String, sequence: UInt64 = 1) -> Cookie {
    Cookie(
        name: name, value: SecretBytes(value), domain: "api.example.com", isHostOnly: true, path: "/v1", isSecure: true,
        isHTTPOnly: true, sameSite: .lax, expiry: WallInstant(seconds: 1_801_000_000),
        creation: WallInstant(seconds: 1_799_000_000), sequence: sequence, lastSet: WallInstant(seconds: 1_799_000_100),
        partition: "https://example.com")
}

/// All that a session and its cookies are written as: equal texts are equal sessions.
func written(_ stored: StoredSession) -> SecretBytes {
    ChangeRecord.encode([
        .session(stored.session), .cookies(stored.session.id, JarChange(set: stored.jar.cookies)),
    ])
}

extension Array where Element == StoredSession {
    var names: [String] { map(\.session.name.description) }
}

/// The sessions in a journal file, and its damage, opened and closed.
func contents(of folder: TestFolder) throws -> Journal.Contents {
    try Journal.open(in: folder.folder(), key: key, clock: clock).1
}

/// A journal with a record for each batch, closed again.
func writeJournal(_ folder: TestFolder, _ batches: [[Change]]) throws {
    let journal = try Journal.open(in: folder.folder(), key: key, clock: clock).0
    for batch in batches { try journal.append([journal.batch(batch)]) }
}

/// What an OAuth session is renewed with, every field of it.
private func oauthUse() -> OAuthUse {
    var use = OAuthUse(
        issuer: "https://id.example.com", tokenEndpoint: "https://id.example.com/token", clientID: "client-2",
        authentication: "client_secret_basic", clientSecret: SecretBytes("client-secret"), flow: .device,
        scopes: ["openid", "read"], resource: "https://api.example.com")
    use.revocationEndpoint = "https://id.example.com/revoke"
    use.endSessionEndpoint = "https://id.example.com/logout"
    use.jwksURI = "https://id.example.com/keys"
    use.idTokenAlgorithms = ["RS256"]
    use.registrationURI = "https://id.example.com/register/2"
    use.registrationToken = SecretBytes("registration-token")
    use.isRegistered = true
    use.port = 4711
    use.idToken = SecretBytes("id-token")
    use.subject = "4711"
    return use
}
