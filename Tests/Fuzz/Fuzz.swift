import Glibc
import JOSE
import Model
import OAuth
import Transfer

// FUZZ names the parser; what a run of it has found out stays in .build/fuzz.

/// libFuzzer (https://llvm.org/docs/LibFuzzer.html), which calls `one` again and again.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ one: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The program's own entry: SwiftPM links an executable's by this name.
@_cdecl("fuzz_main")
public func start(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var count = count
    var arguments = unsafe arguments
    return unsafe runDriver(&count, &arguments, tryOne)
}

/// One input, by the name that libFuzzer's own entry wants; `bytes` are libFuzzer's, for the length of the call.
@_cdecl("LLVMFuzzerTestOneInput")
public func tryOne(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    parser(unsafe SecretBytes(Array(UnsafeBufferPointer(start: bytes, count: count))))
    return 0
}

/// The parser that this process tries.
private let parser: @Sendable (SecretBytes) -> Void = {
    let name = unsafe getenv("FUZZ").map { unsafe String(cString: $0) } ?? ""
    guard let parser = parsers[name] else {
        preconditionFailure("FUZZ names none of \(parsers.keys.sorted().joined(separator: " "))")
    }
    return parser
}()

private let parsers: [String: @Sendable (SecretBytes) -> Void] = [
    "jwt": tryJWT, "jwks": tryJWKS, "metadata": tryMetadata, "challenge": tryChallenge, "tokens": tryTokens,
    "callback": tryCallback, "answers": tryAnswers, "set-cookie": trySetCookie, "cookie-file": tryNetscapeFile,
]

private let clock = Clock(wall: { WallInstant(seconds: 1_800_000_000) }, boot: { BootInstant(nanoseconds: 1) })
private let keys = JWKSet([JWK(clientSecret: SecretBytes("0123456789abcdef0123456789abcdef"))])

/// Nobody who fuzzes knows the key: what is taken as signed is a hole.
private func tryJWT(_ input: SecretBytes) {
    if let jwt = JWT.decode(input) {
        _ = (jwt.algorithm, jwt.audiences, jwt.expires, jwt.lifetime)
        let expected = IDToken.Expectation(
            issuer: jwt.issuer ?? "", clientID: jwt.audiences.first ?? "", nonce: nil, accessToken: nil, subject: nil,
            algorithms: Set(JWSAlgorithm.allCases))
        precondition((try? IDToken(verifying: input, for: expected, keys: keys, now: clock.wall())) == nil)
    }
    guard let jws = try? JWS(input) else { return }
    precondition((try? jws.verified(by: keys)) == nil)
}

private func tryJWKS(_ input: SecretBytes) {
    for source in [JWKSet.Source.issuer, .person] {
        guard let set = try? JWKSet(input, from: source) else { continue }
        precondition(set.keys.count <= JWKSet.mostKeys)
        for key in set.keys { _ = key.thumbprint }
    }
}

/// The first byte says where it starts; each document that is asked for is the input.
private func tryMetadata(_ input: SecretBytes) {
    let url = "https://api.example/orders"
    let starts = [
        MetadataRun.Start.issuer(url), .resource(url),
        .resourceMetadata("https://api.example/.well-known/oauth-protected-resource", of: url),
    ]
    for start in starts {
        guard case .finished(let found) = drive(MetadataRun(start, syntax: .libcurl), answering: input) else {
            continue
        }
        for endpoint in [found.server.tokenEndpoint, found.server.authorizationEndpoint, found.server.jwksURI] {
            precondition(endpoint?.lowercased().hasPrefix("https:") ?? true)
        }
        if case .issuer = start { precondition(found.server.issuer == url) }
    }
}

private func tryChallenge(_ input: SecretBytes) {
    for challenge in HTTPChallenge.parse([input, input]) { precondition(challenge.scheme.isToken) }
}

private func tryTokens(_ input: SecretBytes) {
    let client = OAuthClient(id: "c", authentication: .basic(SecretBytes("s")))
    for grant in [AuthorizationGrant.refreshToken(SecretBytes("r")), .clientCredentials(scopes: ["a"])] {
        let run = TokenRun(at: "https://id.example/token", grant, of: client, resource: nil, clock: clock)
        for status in [200, 400] {
            guard case .finished(let tokens) = drive(run, answering: input, status) else { continue }
            precondition(tokens.access.value.isFieldValue && status == 200)
            precondition(tokens.refresh?.value.isFieldValue ?? true)
        }
    }
}

/// Nobody who fuzzes knows the state: a code that is taken is a hole.
private func tryCallback(_ input: SecretBytes) {
    var server = AuthorizationServer(issuer: "https://id.example")
    server.authorizationEndpoint = "https://id.example/authorize"
    let request = try? AuthorizationRequest(
        to: server, of: OAuthClient(id: "c"), scopes: ["openid"], resource: nil,
        redirectURI: "http://127.0.0.1:1/callback")
    precondition(request != nil && (try? request?.code(in: input)) == nil)
}

/// What registration, the device flow and userinfo answer.
private func tryAnswers(_ input: SecretBytes) {
    var server = AuthorizationServer(issuer: "https://id.example")
    server.registrationEndpoint = "https://id.example/register"
    server.deviceAuthorizationEndpoint = "https://id.example/device"
    let wish = RegistrationRun.Wish(redirectURIs: [], grantTypes: ["refresh_token"], scopes: ["a"])
    if case .finished(let client) = drive(RegistrationRun(at: server, wish, syntax: .libcurl), answering: input) {
        precondition(client.management?.uri.lowercased().hasPrefix("https:") ?? true)
    }
    let device = DeviceAuthorizationRun(
        at: server, of: OAuthClient(id: "c"), scopes: [], resource: nil, syntax: .libcurl)
    if case .finished(let answer) = drive(device, answering: input) {
        precondition(answer.userCode.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && answer.interval >= 1)
    }
    let token = AccessToken(scheme: "Bearer", value: SecretBytes("t"))
    let userinfo = UserinfoRun(at: "https://id.example/userinfo", token, subject: "s")
    if case .finished(let names) = drive(userinfo, answering: input) {
        precondition(names.all.allSatisfy { !$0.isEmpty })
    }
}

/// Runs a machine, each of whose requests gets the same answer; nil where it asks on and on.
private func drive<Run: OAuthRun>(
    _ run: Run, answering body: SecretBytes, _ status: Int = 200
) -> OAuthStep<Run.Outcome>? {
    var run = run
    var step = run.begin()
    for _ in 0..<16 {
        guard case .request(let request) = step else { return step }
        step = run.receive(
            HTTPResponse(
                status: status, headers: [], body: body, url: request.url, started: BootInstant(nanoseconds: 1)))
    }
    return nil
}
