import CLinux
import Cookies
import Glibc
import Model
import Prose
import Recipes
import Store
import Transfer

/// What the parts' own failures mean to a person; the sentences are Prose's.
extension Failure {
    /// A failure of the store.
    init(_ failure: StoreFailure) {
        switch failure {
        case .wrongPassphrase: self = .wrongPassphrase
        case .emptyPassphrase: self = .badSecret
        case .noVault: self = .vaultNew
        case .vaultExists: self = .vaultExists
        case .locked: self = .vaultLocked
        case .alreadyOpen: self = .vaultOpen
        case .keyFileDamaged(let path): self = .store(Prose.keyFileDamaged(path))
        case .keyFileMissing(let path): self = .store(Prose.keyFileMissing(path))
        case .journalDamaged(let path): self = .store(Prose.journalDamaged(path))
        case .journalOfOtherKey(let path): self = .store(Prose.journalOfOtherKey(path))
        case .newerFormat(let path, let found): self = .store(Prose.newerFormat(path, found))
        case .anotherWriter: self = .store(Prose.anotherWriter)
        case .passphraseFile(let path, let fault):
            self = .passphraseFile(path, Self.words(fault), mend: Self.mend(fault))
        case .folder(let path, let fault): self = .store(Prose.folder(path, Self.words(fault)))
        case .otherBackend(let recorded, let asked): self = .store(Prose.otherBackend(recorded: recorded, asked: asked))
        case .recordDamaged(let path): self = .store(Prose.recordDamaged(path))
        case .unknownBackend(let name): self = .store(Prose.unknownBackend(name))
        case .keyring(let fault): self = Self.keyring(fault)
        case .newerItem(let format): self = .store(Prose.newerItem(format))
        case .settingForbids(let target, let asked): self = .store(Prose.settingForbids(target, asked: asked))
        case .isThere(let name): self = .storeIsThere(name)
        case .io(let path, let code): self = .store(Prose.io(path, Self.words(errno: code)))
        }
    }

    private static func words(_ fault: StoreFailure.PassphraseFault) -> String {
        switch fault {
        case .missing: Prose.isMissing
        case .notAFile: Prose.isNotAFile
        case .notYours: Prose.isNotYours
        case .readableByOthers: Prose.isReadableByOthers
        case .empty: Prose.isEmpty
        case .tooLarge: Prose.isTooLarge
        }
    }

    private static func mend(_ fault: StoreFailure.PassphraseFault) -> String {
        switch fault {
        case .notYours, .readableByOthers: Prose.mendMode
        case .missing, .notAFile, .empty, .tooLarge: Prose.mendPassphraseFile
        }
    }

    private static func words(_ fault: StoreFailure.FolderFault) -> String {
        switch fault {
        case .notAFolder: Prose.isNotAFolder
        case .notYours: Prose.isNotYours
        case .writableByOthers: Prose.isWritableByOthers
        }
    }

    static func keyring(_ fault: StoreFailure.KeyringFault) -> Failure {
        switch fault {
        case .locked: .keyringLocked
        case .dismissed: .keyringNotUnlocked
        case .asking: .store(Prose.keyringAsking)
        case .denied: .keyringDenied
        case .notKept: .store(Prose.keyringNotKept)
        case .unencrypted: .store(Prose.keyringUnencrypted)
        case .noBus: .store(Prose.keyringNoBus)
        case .noService: .store(Prose.keyringNoService)
        case .noCollection: .store(Prose.keyringNoCollection)
        case .timedOut: .store(Prose.keyringTimedOut)
        case .refused(let reason): .store(Prose.keyringRefused(reason))
        }
    }

    /// The C library's words for an errno.
    static func words(errno code: Int32) -> String {
        // strerror's text is constant for the codes of the kernel, and copied at once.
        unsafe String(cString: strerror(code))
    }
}

extension RecipeExchange.Failed {
    /// A failure to get an answer.
    init(_ failure: TransferFailure, _ site: String, _ session: Session?) {
        let cause: String
        var reached = false
        switch failure {
        case .url, .unsendable: cause = Prose.unsendable
        case .unknownHost: cause = Prose.unknownHost
        case .refused: cause = Prose.connectionRefused
        case .proxy: cause = Prose.proxyFailed
        case .tls(let reason): cause = Prose.tls(reason)
        case .timedOut: (cause, reached) = (Prose.timedOut, true)
        case .tooLarge(let limit): (cause, reached) = (Prose.tooLarge(bytes: limit), true)
        case .tooManyHeaders: (cause, reached) = (Prose.tooManyHeaders, true)
        case .notHTTP: (cause, reached) = (Prose.notHTTP, true)
        case .interrupted: (cause, reached) = (Prose.cutOff, true)
        case .cancelled: (cause, reached) = (Prose.cancelled, true)
        case .unavailable(let reason): cause = Prose.libcurlFailed(reason)
        }
        var mend: String?
        if case .tls = failure { mend = Prose.mendTLS }
        self.init(failure: .network(site: site, cause, session: session?.name, mend: mend), reachedServer: reached)
    }

    /// A recipe that did not come to its end.
    /// - Parameter mend: what mends it, where that is known.
    init(
        _ failure: RecipeFailure, _ site: String, _ inputs: RecipeInputs, _ session: Session?, mend: String? = nil
    ) {
        switch failure {
        case .wrongPassword: self.init(failure: .wrongPassword(site: site, user: inputs.user ?? ""))
        case .loginRefused(let status): self.init(failure: .loginRefused(site: site, status: status))
        case .needsInput(let input): self.init(failure: .needsInput(input.rawValue))
        case .leftOrigin(let origin):
            self.init(
                failure: Failure(
                    .refused, "\(site): \(Prose.leftOrigin(origin))", session: session?.name, mend: mend))
        case .passwordElsewhere(let origin):
            self.init(
                failure: Failure(.refused, "\(site): \(Prose.passwordElsewhere(origin))", session: session?.name))
        case .otherAsker(let origin):
            self.init(failure: Failure(.refused, Prose.otherAsker(origin), session: session?.name))
        case .passwordInURL:
            self.init(failure: Failure(.refused, "\(site): \(Prose.passwordInURL)", session: session?.name))
        default:
            self.init(failure: .network(site: site, Self.cause(failure), session: session?.name), reachedServer: true)
        }
        if case .refreshRefused = failure { refusedRefresh = true }
        if case .retryLater(let seconds) = failure { retryAfter = seconds ?? RenewalTiming.firstBackoff }
    }

    private static func cause(_ failure: RecipeFailure) -> String {
        switch failure {
        case .noForm: Prose.noForm
        case .noPasswordField: Prose.noPasswordField
        case .csrfRefused: Prose.csrf
        case .noCSRFToken: Prose.noCSRFToken
        case .notJSON: Prose.notJSON
        case .missingMember(let name): Prose.missing(name)
        case .noSessionCookie: Prose.noSessionCookie
        case .unexpectedStatus(let status, _): Prose.unexpected(status: status)
        case .retryLater: Prose.busy
        case .tooManyRedirects: Prose.tooManyRedirects
        case .unacceptableToken: Prose.unacceptableToken
        case .unsupportedTokenType: Prose.unsupportedTokenType
        case .refreshRefused: Prose.needsLogin(.refreshRefused)
        case .notOffered: Prose.notOffered
        case .unreadableURL: Prose.unsendable
        case .wrongPassword, .loginRefused, .needsInput, .leftOrigin, .passwordInURL, .passwordElsewhere, .otherAsker:
            Prose.notOffered
        }
    }
}
