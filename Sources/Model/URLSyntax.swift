/// How URLs are read: libcurl's parser, handed to the parts that do no I/O, so that there is one reading of a URL.
public struct URLSyntax: Sendable {
    /// The parts of an absolute `http` or `https` URL; nil where it is none, or names a user.
    public let parse: @Sendable (String) -> RequestTarget?
    /// The absolute URL that `reference` means on the page `base` (RFC 3986, 5); nil where it is none.
    public let resolve: @Sendable (_ reference: String, _ base: String) -> String?

    /// Reads URLs with the two functions.
    public init(
        parse: @escaping @Sendable (String) -> RequestTarget?,
        resolve: @escaping @Sendable (_ reference: String, _ base: String) -> String?
    ) {
        self.parse = parse
        self.resolve = resolve
    }
}
