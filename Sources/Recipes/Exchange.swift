/// One request of a recipe, what its answers mean, and what is taken of the good one: data.
public struct Exchange: Sendable {
    /// The method, upper case.
    public let method: String
    /// Where it goes.
    public let address: Address
    /// What it carries.
    public let body: Body
    /// The header fields beside Accept, Content-Type and Cookie.
    public let headers: [Field]
    /// What to ask for in Accept.
    public let accept: String
    /// What an answer means: the first rule that fits.
    public let rules: [AnswerRule]
    /// What is taken of an answer with which the recipe proceeds.
    public let captures: [Capture]

    /// An exchange of these parts.
    public init(
        _ method: String, _ address: Address, body: Body = .none, headers: [Field] = [],
        accept: String = "application/json", rules: [AnswerRule], captures: [Capture] = []
    ) {
        self.method = method
        self.address = address
        self.body = body
        self.headers = headers
        self.accept = accept
        self.rules = rules
        self.captures = captures
    }

    /// Where a request goes; always on the origin of the login.
    public enum Address: Sendable {
        /// The address of the login itself.
        case login
        /// A reference (RFC 3986, 4.1) from the address of the login, which is taken to end in `/`.
        case relative(String)
        /// The address of the login with its last segment `from` replaced by `to`; where that is another, `otherwise`,
        /// a reference from it.
        case sibling(from: String, to: String, otherwise: String)
        /// Where the form that was found is sent.
        case formAction
    }

    /// What a request carries.
    public enum Body: Sendable {
        /// Nothing.
        case none
        /// Fields as `application/x-www-form-urlencoded`.
        case form([Field])
        /// Members of a JSON object.
        case json([Member])
        /// The form that was found: its hidden fields, the user and the password under its names for them, and of
        /// `adding` those it does not have itself.
        case foundForm(adding: [Field])
    }

    /// A named value: a form field, a JSON member, a header field.
    public struct Field: Sendable {
        /// Its name.
        public let name: String
        /// Its value, in parts. A field is left out where a part is not there.
        public let value: [Value]

        /// A field.
        public init(_ name: String, _ value: Value...) { self.init(name, value) }

        /// A field.
        public init(_ name: String, _ value: [Value]) {
            self.name = name
            self.value = value
        }
    }

    /// A member of a JSON object.
    public struct Member: Sendable {
        /// Its name.
        public let name: String
        /// What it has.
        public let content: Content

        /// What a member can have.
        public enum Content: Sendable {
            /// A string, in parts. The member is left out where a part is not there.
            case text([Value])
            /// A whole number.
            case integer(Int)
            /// A boolean.
            case flag(Bool)
            /// An object.
            case object([Member])
        }

        /// A member that is a string.
        public init(_ name: String, _ value: Value...) {
            self.name = name
            content = .text(value)
        }

        /// A member.
        public init(_ name: String, _ content: Content) {
            self.name = name
            self.content = content
        }

        /// The parts of all its strings.
        var values: [Value] {
            switch content {
            case .text(let values): values
            case .integer, .flag: []
            case .object(let members): members.flatMap(\.values)
            }
        }
    }

    /// A part of a value.
    public enum Value: Sendable, Equatable {
        /// This text.
        case literal(String)
        /// What the person or the session brings.
        case input(RecipeInput)
        /// The access token behind its scheme, as Authorization has it.
        case authorization
        /// The cookie against cross-site requests.
        case csrfCookie
        /// The token against cross-site requests that an earlier answer brought.
        case csrf
        /// The URL of the page seen last, or of the login.
        case page
        /// The origin of the login.
        case origin
    }
}

/// What a recipe may need from the person or the session.
public enum RecipeInput: String, Sendable, Hashable, CaseIterable {
    case user, password, access, refresh
    case clientID = "client id"
}

/// What an answer with one of these statuses means, if it passes the test too.
public struct AnswerRule: Sendable {
    /// The statuses.
    public let statuses: [Int]
    /// What else has to be so.
    public let test: Test
    /// What it means.
    public let meaning: Meaning

    /// A rule.
    public init(_ statuses: [Int], _ meaning: Meaning, if test: Test = .always) {
        self.statuses = statuses
        self.test = test
        self.meaning = meaning
    }

    /// What is looked at beside the status.
    public enum Test: Sendable {
        /// Nothing.
        case always
        /// The body is empty.
        case emptyBody
        /// The body has this text in its first 64 KiB.
        case body(contains: String)
        /// The body is a JSON object whose member is one of these texts.
        case member(String, isOneOf: [String])
        /// The body is a page with a form that asks for a password.
        case passwordForm
        /// The answer sets a cookie that can be the session.
        case setsSessionCookie
        /// The answer redirects to the page seen last.
        case redirectsToPage
        /// The answer redirects to this reference, from the address of the login; its query does not matter.
        case redirects(to: String)
    }

    /// What an answer can mean.
    public enum Meaning: Sendable {
        /// Good: take what is to be taken, and go on.
        case proceed
        /// The user or the password is wrong.
        case wrongPassword
        /// The site does not let this user log in, or not here; the password is not what it complains of.
        case loginRefused
        /// The refresh token is no longer taken.
        case refreshRefused
        /// The server takes the request for a forged one.
        case csrfRefused
        /// The session had already ended.
        case alreadyOut
        /// The server has no such logout.
        case noSuchLogout
        /// The server does not end the session.
        case logoutRefused
    }
}

/// Something that is taken of an answer.
public enum Capture: Sendable {
    /// The access token, in the first of these members of a JSON object that is there, and the scheme it is sent with. A
    /// name with dots leads through objects within it.
    case access(members: [String], scheme: String)
    /// The same; or, where none of them is there, the cookie that is the session.
    case accessOrCookie(members: [String], scheme: String)
    /// What the first of these recipes takes at the end of its login that finds it; the session is that recipe's then.
    case asOne(of: [String])
    /// The cookie that is the refresh token: of this name or, where that is nil, the HttpOnly one that is a JWT which says
    /// so itself (simplejwt's claim `token_type`).
    case refreshCookie(String?, isRequired: Bool)
    /// The refresh token, in this member.
    case refresh(member: String, isRequired: Bool)
    /// The seconds the access token lives, in this member.
    case lifetime(member: String)
    /// Nothing, but this member, where it is there, has to say Bearer (RFC 6749, 7.1).
    case bearerOnly(member: String)
    /// The form with a password field.
    case loginForm
    /// The token against cross-site requests, in the first of these places that has one.
    case csrf([CSRFPlace], isRequired: Bool)
    /// The cookie that is the session.
    case sessionCookie
}

/// Where a token against cross-site requests may be.
public enum CSRFPlace: Sendable, Equatable {
    /// The content of the page's `meta` element of this name.
    case meta(String)
    /// The field of this name in any form of the page.
    case field(String)
    /// The answer's header field of this name.
    case header(String)
    /// This member of a JSON object.
    case member(String)
}
