import Cookies
import Model

extension Exchange {
    /// Whether the exchange cannot be made without `input`.
    func needs(_ input: RecipeInput) -> Bool {
        var values = headers.flatMap(\.value)
        switch body {
        case .none: break
        case .form(let fields): values += fields.flatMap(\.value)
        case .json(let members): values += members.flatMap(\.values)
        case .foundForm(let adding):
            if input == .user || input == .password { return true }
            values += adding.flatMap(\.value)
        }
        return values.contains(.input(input)) || (input == .access && values.contains(.authorization))
    }
}

/// The requests of a run.
extension RecipeRun {
    /// The request of an exchange, without cookies.
    func request(for exchange: Exchange) throws(RecipeFailure) -> HTTPRequest {
        let url = try url(of: exchange.address)
        guard let target = syntax.parse(url) else { throw .unreadableURL }
        try check(target)
        var request = HTTPRequest(method: exchange.method, url: url, headers: [HTTPHeader("Accept", exchange.accept)])
        for field in exchange.headers {
            guard let value = value(of: field, for: target), value.isFieldValue else { continue }
            request.headers.append(HTTPHeader(name: field.name, value: value))
        }
        if let (type, body) = try body(exchange.body, for: target) {
            request.headers.append(HTTPHeader("Content-Type", type))
            request.body = body
        }
        return request
    }

    private func url(of address: Exchange.Address) throws(RecipeFailure) -> String {
        guard let login = syntax.parse(url) else { throw .unreadableURL }
        let folder = login.origin + login.path + (login.path.hasSuffix("/") ? "" : "/")
        let resolved: String?
        switch address {
        case .login:
            return url
        case .relative(let reference):
            resolved = syntax.resolve(reference, folder)
        case .sibling(let from, let to, let otherwise):
            resolved = sibling(of: login, from, to) ?? syntax.resolve(otherwise, folder)
        case .formAction:
            return try formAction()
        }
        guard let resolved else { throw .unreadableURL }
        return resolved
    }

    /// The address with its last segment replaced, with or without a `/` at its end as before.
    private func sibling(of login: RequestTarget, _ from: String, _ to: String) -> String? {
        let slash = login.path.hasSuffix("/") ? "/" : ""
        let path = login.path.dropLast(slash.count)
        guard path.hasSuffix("/" + from) else { return nil }
        return login.origin + path.dropLast(from.count) + to + slash
    }

    private func formAction() throws(RecipeFailure) -> String {
        guard let form, let url = form.fields.url(on: page, base: form.base, syntax) else {
            throw .noForm(shown(page))
        }
        return url
    }

    /// The page's URL without its fragment, which is never sent (RFC 9110, 10.1.3).
    private var pageURL: String { String(page.prefix { $0 != "#" }) }

    private func body(
        _ body: Exchange.Body, for target: RequestTarget
    ) throws(RecipeFailure) -> (type: String, bytes: SecretBytes)? {
        switch body {
        case .none:
            return nil
        case .form(let fields):
            var encoding = FormEncoding()
            for field in fields {
                if let value = value(of: field, for: target) { encoding.append(field.name, value) }
            }
            return ("application/x-www-form-urlencoded", encoding.finish())
        case .json(let members):
            var json = JSONWriter()
            json.object { write(members, to: &$0, for: target) }
            return ("application/json", json.finish())
        case .foundForm(let adding):
            return ("application/x-www-form-urlencoded", try filled(adding, for: target))
        }
    }

    private func write(_ members: [Exchange.Member], to json: inout JSONWriter, for target: RequestTarget) {
        for member in members {
            switch member.content {
            case .text(let parts):
                if let value = value(of: parts, for: target) { json.member(member.name, value) }
            case .integer(let number): json.member(member.name, number)
            case .flag(let flag): json.member(member.name, flag)
            case .object(let members): json.object(member.name) { write(members, to: &$0, for: target) }
            }
        }
    }

    /// The form that was found, filled in.
    private func filled(_ adding: [Exchange.Field], for target: RequestTarget) throws(RecipeFailure) -> SecretBytes {
        guard let form = form?.fields, form.password != nil else { throw .noPasswordField(shown(page)) }
        var encoding = form.filled(user: inputs.user, password: inputs.password)
        for field in adding where !form.has(field.name) {
            if let value = value(of: field, for: target) { encoding.append(field.name, value) }
        }
        return encoding.finish()
    }

    private func value(of field: Exchange.Field, for target: RequestTarget) -> SecretBytes? {
        value(of: field.value, for: target)
    }

    /// A value of these parts; nil where one is not there.
    private func value(of parts: [Exchange.Value], for target: RequestTarget) -> SecretBytes? {
        var buffer = SecretBuffer()
        for part in parts {
            guard let bytes = bytes(of: part, for: target) else { return nil }
            buffer.append(bytes)
        }
        return buffer.take()
    }

    private func bytes(of value: Exchange.Value, for target: RequestTarget) -> SecretBytes? {
        switch value {
        case .literal(let text): SecretBytes(text)
        case .input(.user): inputs.user.map { SecretBytes($0) }
        case .input(.password): inputs.password
        case .input(.access): inputs.access?.value
        case .input(.refresh): inputs.refresh
        case .input(.clientID): inputs.clientID.map { SecretBytes($0) }
        case .authorization: inputs.access?.authorization
        case .csrfCookie: recipe.cookies?.csrfToken(in: jar, for: target, now: clock.wall())
        case .csrf: taken.csrf
        case .page: SecretBytes(pageURL)
        case .origin: syntax.parse(url).map { SecretBytes($0.origin) }
        }
    }
}

extension AccessToken {
    /// The value of an Authorization field with this token.
    fileprivate var authorization: SecretBytes {
        var buffer = SecretBuffer()
        buffer.append(scheme)
        buffer.append(UInt8(ascii: " "))
        buffer.append(value)
        return buffer.take()
    }
}
