import ArgumentParser
import Client
import JOSE
import Model
import Prose

extension JWTCommand {
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a token: that its issuer signed it, and that it is valid now.",
            discussion: """
                The token is a session's, or one that is read from stdin or asked on the terminal. The keys are those that \
                the issuer publishes now, or those in a file, where client secrets (oct) count too. Clocks may differ by a \
                minute. The status is 0 for a valid token, and 1 for any other, with the reason.

                  lanyard jwt verify api --issuer https://id.example.org --audience orders
                  lanyard jwt verify --jwks keys.json < token.txt
                """)

        @Argument(help: "A session's name; without it a token is read.", completion: sessionNames)
        var name: String?

        @Option(help: "The issuer: what the token's iss has to be, and whose keys are asked for.", transform: notEmpty)
        var issuer: String?

        @Option(
            help: "A file with the keys, a JWK Set or a single JWK, instead of asking.", completion: .file(),
            transform: notEmpty)
        var jwks: String?

        @Option(help: "What has to be among the token's aud.", transform: notEmpty)
        var audience: String?

        @Option(
            name: .customLong("alg"), help: "Take this algorithm, RS256 say, instead of all; may be repeated.",
            completion: .list(JWSAlgorithm.allCases.map(\.rawValue)))
        var algorithms: [JWSAlgorithm] = []

        @Flag(help: "Check the signature of a message that need not be a JWT; its claims are not looked at.")
        var raw = false

        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard issuer != nil || jwks != nil else {
                throw ValidationError("whose keys is missing: --issuer URL or --jwks FILE")
            }
            guard !raw || audience == nil else {
                throw ValidationError("--raw looks at no claims, and so at no audience")
            }
        }

        func run() throws {
            let token = try token()
            let keys = try keys()
            let message: VerifiedJWS
            do {
                let allowed = algorithms.isEmpty ? Set(JWSAlgorithm.allCases) : Set(algorithms)
                message = try JWS(token).verified(by: keys, allowed)
            } catch {
                try refuse(NotValid.reason(error, source), leftOut: error.isAboutKeys ? keys.unusable : [])
            }
            let claims = raw ? nil : try claims(of: message)
            let page = TokenPage(
                header: message.header.root, claims: claims?.claims.root,
                signer: TokenPage.Signer(key: message.key.id, source: source))
            try Output.write(output.json ? JSONPage.text(of: page.json()) : page.text(output.color.style))
        }

        private var source: String { jwks ?? issuer ?? "" }

        private func claims(of message: VerifiedJWS) throws -> JWT {
            let now = Clock.system.wall()
            let jwt: JWT
            do { jwt = try message.claims() } catch { try refuse(NotValid.reason(error, source)) }
            do { try jwt.check(issuer: issuer, audience: audience, now: now) } catch {
                try refuse(NotValid.reason(error, now: now))
            }
            return jwt
        }

        /// Says why the token is not valid, and ends.
        private func refuse(_ reason: String, leftOut: [JWKFailure] = []) throws -> Never {
            ErrorLine.say(CommandProse.notValid(reason))
            if !leftOut.isEmpty { ErrorLine.say(CommandProse.keysLeftOut(leftOut.map(NotValid.reason), source)) }
            throw ExitCode(Failure.Code.internal.exitStatus)
        }

        /// The token, whatever it is: what is none is not valid, and no misuse.
        private func token() throws(Failure) -> SecretBytes {
            if let name { return try JWTCommand.token(of: name, for: "verify").0 }
            if SecretInput.isTerminal { return try SecretInput.ask(for: "token") }
            let input = try SecretInput.readAll()
            let hasEnd = input.withBytes { $0.count > 0 && $0[$0.count - 1] == UInt8(ascii: "\n") }
            return hasEnd ? input.copy(0..<input.count - 1) : input
        }

        private func keys() throws(Failure) -> JWKSet {
            let (text, giver) = try keyText()
            do { return try JWKSet(text, from: giver) } catch { throw CommandProse.noKeySet(source) }
        }

        private func keyText() throws(Failure) -> (SecretBytes, JWKSet.Source) {
            if let jwks { return (try SecretInput.file(jwks), .person) }
            var agent = try Agent.reach()
            let answer = try agent.call(.issuerKeys) { $0.member("issuer", issuer) }
            guard let keys = answer["keys"] else { throw CommandProse.notOurDaemon() }
            return (keys.source, .issuer)
        }
    }
}

extension JWSAlgorithm: ExpressibleByArgument {}
