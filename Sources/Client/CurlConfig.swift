import Model
import Prose

/// A file for `curl -K`, with what a request for one URL would get.
///
/// curl keeps `oauth2-bearer` to the origin it is for; any other field it would send on with a redirect.
public enum CurlConfig {
    /// The file.
    /// - Parameters:
    ///   - answer: the daemon's, to CurlConfig.
    ///   - url: the URL that was asked about.
    /// - Throws: a ``Failure`` where the answer is none. A URL that the daemon's parser took has no control characters.
    public static func text(_ answer: JSONValue, url: String) throws(Failure) -> SecretBytes {
        guard let session = answer["session"]?.string, let headers = answer["headers"]?.elements else {
            throw CommandProse.notOurDaemon()
        }
        var file = SecretBuffer(capacity: 4096)
        comment(CommandProse.curlConfig(session), &file)
        line("url", SecretBytes(url), &file)
        // What stands in braces or brackets is the URL's own.
        file.append("globoff\n")
        if answer["plain"]?.bool == true {
            comment([CommandProse.whyNoProxy], &file)
            line("noproxy", SecretBytes("*"), &file)
        }
        if let token = answer["bearer"]?.secret {
            line("oauth2-bearer", token, &file)
            return file.take()
        }
        comment([CommandProse.whyNoRedirects], &file)
        file.append("max-redirs = 0\n")
        for header in headers {
            guard let name = header["name"]?.string, let value = header["value"]?.secret else {
                throw CommandProse.notOurDaemon()
            }
            line("header", field(name, value), &file)
        }
        if let cookie = try? answer.optionalBytes("cookie") {
            // Without an equals sign curl would take it for the name of a file.
            let isData = cookie.contains { $0 == UInt8(ascii: "=") }
            if isData { line("cookie", cookie, &file) } else { line("header", field("Cookie", cookie), &file) }
        }
        return file.take()
    }

    private static func comment(_ lines: [String], _ file: inout SecretBuffer) {
        for line in lines { file.append("# \(line)\n") }
    }

    private static func field(_ name: String, _ value: SecretBytes) -> SecretBytes {
        var field = SecretBuffer(capacity: name.utf8.count + value.count + 2)
        field.append(name)
        field.append(": ")
        field.append(value)
        return field.take()
    }

    /// An option with its value in quotes, in which curl knows an escape for each of these.
    private static func line(_ option: String, _ value: SecretBytes, _ file: inout SecretBuffer) {
        file.append(option)
        file.append(" = \"")
        value.withBytes { bytes in
            for index in bytes.indices {
                switch bytes[index] {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                    file.append(UInt8(ascii: "\\"))
                    file.append(bytes[index])
                case UInt8(ascii: "\t"): file.append("\\t")
                default: file.append(bytes[index])
                }
            }
        }
        file.append("\"\n")
    }
}
