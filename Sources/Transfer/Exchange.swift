import CCurl
import EventLoop
import Model

/// One request under way, with all that libcurl points into.
@LoopActor final class Exchange {
    /// To connect, TLS included, in seconds; a host that drops packets shall not take the whole deadline.
    private static let connectDeadline = 10.0

    let easy: EasyHandle
    private let headers: HeaderList
    private let body: RequestBody?
    private let response: ResponseCollector
    private let url: String
    private let bodyLimit: Int
    private let started = Clock.system.boot()
    /// Who waits for the answer.
    var continuation: CheckedContinuation<Result<HTTPResponse, TransferFailure>, Never>?

    /// What servers are verified against.
    struct Trust {
        /// The system's file of certificates; nil for libcurl's own way.
        var certificateFile: String?
        /// What takes its place; nil for nothing.
        var authorities: CertificateAuthorities?
    }

    init(_ request: HTTPRequest, deadline: Double, limit: Int, trust: Trust) throws(TransferFailure) {
        let parsed: ParsedURL
        do { parsed = try URLParser.parse(request.url) } catch { throw .url(error) }
        url = parsed.text
        bodyLimit = limit
        easy = try EasyHandle()
        headers = try HeaderList(request.headers)
        body = (request.body ?? Self.emptyBody(request.method)).map(RequestBody.init)
        response = ResponseCollector(bodyLimit: limit)
        try setLimits(deadline: deadline)
        try setTrust(parsed.target.scheme, trust)
        try setRequest(request.method)
        try response.attach(to: easy)
    }

    private func setLimits(deadline: Double) throws(TransferFailure) {
        try easy.check(unsafe lanyard_setopt_http_only(easy.pointer))
        // Signals would be libcurl's way to end a name lookup, and go to the whole process.
        try easy.set(CURLOPT_NOSIGNAL, 1)
        // Else giving up a transfer waits on the loop's thread for the lookup's thread.
        try easy.check(unsafe lanyard_setopt_quick_exit(easy.pointer))
        try easy.set(CURLOPT_TIMEOUT_MS, max(1, Int(min(deadline, 86_400) * 1_000)))
        try easy.set(CURLOPT_CONNECTTIMEOUT_MS, Int(Self.connectDeadline * 1_000))
        // A connection serves one request. On a used one that the server is just closing libcurl sends a request again by
        // itself, and a refresh token that arrives twice costs the session (RFC 9700, 4.14.2). Nor is then anything idle
        // that the loop would wake for; the TLS session is still resumed.
        try easy.set(CURLOPT_FRESH_CONNECT, 1)
        try easy.set(CURLOPT_FORBID_REUSE, 1)
        try easy.set(CURLOPT_FOLLOWLOCATION, 0)
        try easy.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        try easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    }

    private func setTrust(_ scheme: Scheme, _ trust: Trust) throws(TransferFailure) {
        try easy.set(CURLOPT_SSL_VERIFYPEER, 1)
        try easy.set(CURLOPT_SSL_VERIFYHOST, 2)
        try easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try easy.check(unsafe lanyard_setopt_cleanse_plaintext(easy.pointer))
        if let certificateFile = trust.certificateFile {
            for option in [CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO] { try easy.set(option, certificateFile) }
            // With a directory beside the file libcurl reads the file anew for each connection.
            for option in [CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH] { try easy.set(option, nil) }
        }
        if let authorities = trust.authorities {
            // It wins over the file, but not over a directory. A proxy's own certificate is the system's affair.
            try easy.set(CURLOPT_CAPATH, nil)
            var pem = authorities.pem
            // Lent for the length of the call, which copies it.
            try easy.check(
                pem.withUTF8 { unsafe lanyard_setopt_authorities(easy.pointer, $0.baseAddress, $0.count) })
        }
        // A proxy could read plain HTTP. https may go through the one the environment names.
        if scheme == .http { try easy.set(CURLOPT_NOPROXY, "*") }
    }

    private func setRequest(_ method: String) throws(TransferFailure) {
        guard !method.isEmpty, method.utf8.allSatisfy(isTokenByte) else { throw .unsendable(printable(method)) }
        try easy.set(CURLOPT_URL, url)
        try easy.set(CURLOPT_USERAGENT, "lanyard/\(Lanyard.version)")
        try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        try easy.check(unsafe lanyard_setopt_headers(easy.pointer, headers.first))
        if let body {
            try body.attach(to: easy)
        } else if method == "HEAD" {
            try easy.set(CURLOPT_NOBODY, 1)
        }
        try easy.set(CURLOPT_CUSTOMREQUEST, method)
    }

    /// For methods that are expected to have a body, so that `Content-Length: 0` is sent (RFC 9110, 8.6).
    private static func emptyBody(_ method: String) -> SecretBytes? {
        ["POST", "PUT", "PATCH"].contains(method) ? SecretBytes("") : nil
    }

    /// Hands the outcome to who waits, once. `code` is libcurl's result; nil if the transfer was given up.
    func finish(_ code: CURLcode?) {
        let outcome: Result<HTTPResponse, TransferFailure>
        if let code { outcome = result(code) } else { outcome = .failure(.cancelled) }
        continuation?.resume(returning: outcome)
        continuation = nil
    }

    private func result(_ code: CURLcode) -> Result<HTTPResponse, TransferFailure> {
        if let failure = response.failure { return .failure(failure) }
        guard code == CURLE_OK else { return .failure(failure(code)) }
        // libcurl is content with a header that the end of the connection has cut short.
        guard response.isHeaderComplete else { return .failure(.interrupted(curlReason(CURLE_PARTIAL_FILE))) }
        return .success(
            HTTPResponse(
                status: response.status, headers: response.headers, body: response.takeBody(), url: url,
                started: started))
    }

    private func failure(_ code: CURLcode) -> TransferFailure {
        let proxyStatus = easy.info(CURLINFO_HTTP_CONNECTCODE)
        if proxyStatus != 0, !(200...299).contains(proxyStatus) { return .proxy }
        return TransferFailure(
            code, errorText: easy.errorText, isHeaderComplete: response.isHeaderComplete, limit: bodyLimit)
    }
}

extension TransferFailure {
    /// What libcurl's result means.
    fileprivate init(_ code: CURLcode, errorText: String, isHeaderComplete: Bool, limit: Int) {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: self = .unknownHost
        case CURLE_COULDNT_CONNECT: self = .refused
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: self = .proxy
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut
        case CURLE_FILESIZE_EXCEEDED: self = .tooLarge(limit: limit)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL: self = .notHTTP
        // What libcurl says of a header line beyond its own 100 KiB.
        case CURLE_OUT_OF_MEMORY where !isHeaderComplete: self = .tooManyHeaders
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2,
            CURLE_HTTP2_STREAM, CURLE_SEND_FAIL_REWIND:
            self = .interrupted(curlReason(code))
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_CLIENTCERT, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED:
            self = .tls(errorText.isEmpty ? curlReason(code) : errorText)
        default: self = .unavailable(curlReason(code))
        }
    }
}
