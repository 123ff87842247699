import Model

/// The forms of a page, as far as a login needs them. The values of fields are secrets, because tokens are among them.
struct HTMLForms: Sendable {
    /// The forms that have a field, in the order of the page.
    private(set) var forms: [Form] = []
    /// The reference that the page's relative URLs start from, as it stands there; nil where it is the page's own URL.
    private(set) var base: String?
    /// The contents of the page's `meta` elements that have a name, the first of each.
    private(set) var metas: [String: SecretBytes] = [:]
    /// A password field stands outside of all forms: a script sends it.
    private(set) var hasLonePassword = false

    /// A form.
    struct Form: Sendable {
        /// Where it is sent, as it stands there; empty for the page itself.
        var action: String
        /// Whether it is sent in a body (`method=post`); else it ends up in a URL.
        var isPost: Bool
        /// Its `input` elements that have a name and are not disabled.
        var inputs: [Input] = []
    }

    /// An `input` element.
    struct Input: Sendable {
        /// The field's name.
        var name: String
        /// Its type in lower case; `text` where it says none.
        var type: String
        /// Its value; empty where it has none.
        var value: SecretBytes
        /// Its `autocomplete`, in lower case.
        var autocomplete: String
    }

    /// Only so much of a page is read, in bytes: a login form stands in the first few KiB.
    static let longestPage = 1 << 20
    /// More forms than on any page made for people.
    private static let mostForms = 64
    /// More `meta` elements with a name than on most pages.
    private static let mostMetas = 64
    /// More fields than in any login form.
    private static let mostInputs = 256
    /// The longest name, action or base, in bytes; a longer one is as if it were not there.
    private static let longestText = 4096
    /// The longest value of a field, in bytes (ASP.NET keeps a whole page's state in one); a longer one is left out.
    private static let longestValue = 256 << 10

    /// Reads the first MiB of a page.
    init(_ html: SecretBytes) {
        html.withBytes { bytes in
            read(bytes.extracting(first: Self.longestPage))
        }
    }

    private mutating func read(_ html: Span<UInt8>) {
        var scanner = HTMLScanner()
        var open: Form?
        while let tag = scanner.next(in: html) {
            switch (tag.name, tag.isEnd) {
            // A form within a form is not one.
            case ("form", false) where open == nil: open = form(tag, in: html)
            case ("form", true):
                close(&open)
            case ("input", false) where open == nil:
                if lowercased(text(tag, "type", in: html)) == "password" { hasLonePassword = true }
            case ("input", false): add(tag, to: &open, in: html)
            case ("base", false) where base == nil: base = text(tag, "href", in: html)
            case ("meta", false): addMeta(tag, in: html)
            default: break
            }
        }
        close(&open)
    }

    private mutating func addMeta(_ tag: HTMLScanner.Tag, in html: Span<UInt8>) {
        guard metas.count < Self.mostMetas, let name = text(tag, "name", in: html), !name.isEmpty, metas[name] == nil,
            let content = tag.attribute("content")?.value, content.count <= Self.longestText
        else { return }
        metas[name] = HTMLCharacterReferences.decoded(html.extracting(content))
    }

    private mutating func close(_ open: inout Form?) {
        if let form = open, !form.inputs.isEmpty, forms.count < Self.mostForms { forms.append(form) }
        open = nil
    }

    private func form(_ tag: HTMLScanner.Tag, in html: Span<UInt8>) -> Form {
        Form(
            action: text(tag, "action", in: html) ?? "",
            isPost: text(tag, "method", in: html)?.equalsIgnoringCase("post") ?? false)
    }

    private func add(_ tag: HTMLScanner.Tag, to open: inout Form?, in html: Span<UInt8>) {
        guard let form = open, form.inputs.count < Self.mostInputs, tag.attribute("disabled") == nil,
            let name = text(tag, "name", in: html), !name.isEmpty
        else { return }
        let value = tag.attribute("value")?.value ?? 0..<0
        guard value.count <= Self.longestValue else { return }
        open?.inputs.append(
            Input(
                name: name, type: lowercased(text(tag, "type", in: html)) ?? "text",
                value: HTMLCharacterReferences.decoded(html.extracting(value)),
                autocomplete: lowercased(text(tag, "autocomplete", in: html)) ?? ""))
    }

    private func text(_ tag: HTMLScanner.Tag, _ name: String, in html: Span<UInt8>) -> String? {
        guard let range = tag.attribute(name)?.value, range.count <= Self.longestText else { return nil }
        return HTMLCharacterReferences.decoded(html.extracting(range)).exposedText()
    }

    private func lowercased(_ text: String?) -> String? {
        text.map { String(decoding: $0.utf8.map(\.asciiLowercased), as: UTF8.self) }
    }
}

extension HTMLForms.Form {
    /// Its only password field; nil where it has none, or several, as a form for signing up or changing it has.
    var password: HTMLForms.Input? {
        let passwords = inputs.filter { $0.type == "password" }
        return passwords.count == 1 ? passwords.first : nil
    }

    /// The field for the user's name: the one that says so, else the last one for text before the password.
    var user: HTMLForms.Input? {
        let fields = inputs.prefix { $0.type != "password" }.filter { Self.textTypes.contains($0.type) }
        return fields.first { $0.autocomplete.hasPrefix("username") } ?? fields.last
    }

    /// Its hidden fields.
    var hidden: [HTMLForms.Input] { inputs.filter { $0.type == "hidden" } }

    /// Whether it has a field of this name.
    func has(_ name: String) -> Bool { inputs.contains { $0.name == name } }

    /// Its hidden fields and, under its own names for them, the user and the password.
    func filled(user: String?, password: SecretBytes?) -> FormEncoding {
        var encoding = FormEncoding()
        for input in hidden { encoding.append(input.name, input.value) }
        if let field = self.user, let user { encoding.append(field.name, SecretBytes(user)) }
        if let field = self.password, let password { encoding.append(field.name, password) }
        return encoding
    }

    /// The URL it is sent to, without a fragment, which is never sent (RFC 9110, 10.1.3); nil where it is none.
    /// - Parameters:
    ///   - page: the URL of its page.
    ///   - base: the reference that relative URLs of the page start from.
    func url(on page: String, base: String?, _ syntax: URLSyntax) -> String? {
        guard !action.isEmpty else { return String(page.prefix { $0 != "#" }) }
        let base = base.flatMap { syntax.resolve($0, page) } ?? page
        guard let url = syntax.resolve(action, base), syntax.parse(url) != nil else { return nil }
        return url
    }

    private static let textTypes: Set<String> = ["text", "email", "tel", "url", ""]
}

extension HTMLForms {
    /// The value of the first field of this name, in whichever form; nil where there is none.
    func value(of name: String) -> SecretBytes? { forms.lazy.flatMap(\.inputs).first { $0.name == name }?.value }

    /// The form for a login: the first that asks for one password, one with a user before one without, and one for
    /// signing up (`autocomplete=new-password`) last.
    var login: Form? {
        let candidates = forms.filter { $0.password != nil }
        let login = candidates.filter { $0.password?.autocomplete != "new-password" }
        return login.first { $0.user != nil } ?? login.first ?? candidates.first
    }

    /// The form that asks for the user's name, where the next page asks for the password: one that says so itself, or a
    /// newsletter would get the name.
    var userForm: Form? {
        forms.first { form in
            form.isPost && !form.inputs.contains { $0.type == "password" }
                && form.user?.autocomplete.hasPrefix("username") == true
        }
    }

    /// The form of a page that is nothing but that: hidden fields to be sent in a body. Whether a script of the page sends
    /// it is not for the forms to say.
    var hiddenForm: Form? {
        guard forms.count == 1, let form = forms.first, form.isPost, !hasLonePassword else { return nil }
        return form.inputs.allSatisfy { $0.type == "hidden" } ? form : nil
    }
}
