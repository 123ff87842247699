import Model
import Prose

/// Why a message is no varlink message.
public enum VarlinkFailure: Error, Equatable, Sendable {
    /// Not JSON.
    case notJSON(JSONFailure)
    /// JSON, but no call or reply.
    case notVarlink
}

/// A call: one JSON object, ended by a NUL byte (https://varlink.org/Method-Call).
public struct VarlinkCall: Sendable {
    /// `interface.Method`.
    public let method: String
    /// The parameters, an object; nil where there are none.
    public let parameters: JSONValue?
    /// The caller takes several replies.
    public let more: Bool
    /// The caller takes no reply.
    public let oneway: Bool

    /// Reads a call.
    /// - Parameter message: the message without its NUL.
    public init(_ message: SecretBytes) throws(VarlinkFailure) {
        let root = try VarlinkReply.object(message)
        do {
            method = try root.text("method", limit: 256)
            more = try root.flag("more")
            oneway = try root.flag("oneway")
        } catch {
            throw .notVarlink
        }
        parameters = root["parameters"]
        guard parameters?.isObject ?? true || parameters?.isNull ?? true else { throw .notVarlink }
    }

    /// The message of a call, with its NUL.
    public static func message(
        _ method: String, more: Bool = false, parameters: (inout JSONWriter) -> Void
    ) -> SecretBytes {
        var json = JSONWriter()
        json.object { json in
            json.member("method", method)
            if more { json.member("more", true) }
            json.object("parameters", parameters)
        }
        return json.finish(appending: 0)
    }
}

/// A reply to a call.
public struct VarlinkReply: Sendable {
    /// Another reply to the same call follows.
    public let continues: Bool
    /// The error's full name; nil where the call succeeded.
    public let error: String?
    /// The parameters; nil where there are none.
    public let parameters: JSONValue?

    /// Reads a reply.
    /// - Parameter message: the message without its NUL.
    public init(_ message: SecretBytes) throws(VarlinkFailure) {
        let root = try Self.object(message)
        do {
            continues = try root.flag("continues")
            error = try root.optionalText("error", limit: 256)
        } catch {
            throw .notVarlink
        }
        parameters = root["parameters"]
    }

    /// The message of a reply, with its NUL.
    public static func message(
        continues: Bool = false, parameters: (inout JSONWriter) -> Void = { _ in }
    ) -> SecretBytes {
        var json = JSONWriter()
        json.object { json in
            json.object("parameters", parameters)
            if continues { json.member("continues", true) }
        }
        return json.finish(appending: 0)
    }

    /// The messages of a reply that comes in several: each has so many of the elements at most, and all but the last say
    /// that another follows. There is one where there is no element.
    public static func messages<Element>(
        _ elements: ArraySlice<Element>, perMessage most: Int,
        parameters: (ArraySlice<Element>, inout JSONWriter) -> Void
    ) -> [SecretBytes] {
        var rest = elements
        var messages: [SecretBytes] = []
        repeat {
            let part = rest.prefix(most)
            rest = rest.dropFirst(part.count)
            messages.append(message(continues: !rest.isEmpty) { json in parameters(part, &json) })
        } while !rest.isEmpty
        return messages
    }

    /// The message of an error, with its NUL.
    public static func error(_ name: String, parameters: (inout JSONWriter) -> Void = { _ in }) -> SecretBytes {
        var json = JSONWriter()
        json.object { json in
            json.member("error", name)
            json.object("parameters", parameters)
        }
        return json.finish(appending: 0)
    }

    fileprivate static func object(_ message: SecretBytes) throws(VarlinkFailure) -> JSONValue {
        let root: JSONValue
        do { root = try JSONDocument(message).root } catch { throw .notJSON(error) }
        guard root.isObject else { throw .notVarlink }
        return root
    }
}
