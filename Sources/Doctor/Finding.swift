import Client
import Model
import Prose

/// What the doctor says of one thing.
public struct Finding: Equatable, Sendable {
    /// How it is.
    public enum Result: String, Sendable {
        /// As it should be.
        case ok
        /// It works, but not always.
        case warn
        /// Something does not work because of it.
        case fail
    }

    /// How it is.
    public let result: Result
    /// What was looked at: a word, or the path of a program.
    public let subject: String
    /// What was seen.
    public let text: String
    /// What mends it.
    public let mend: String?

    init(_ result: Result, _ subject: String, _ text: String, mend: String? = nil) {
        self.result = result
        self.subject = subject
        self.text = text
        self.mend = mend
    }

    /// What a failure says of `subject`.
    init(_ subject: String, _ failure: Failure) {
        self.init(.fail, subject, failure.message, mend: failure.mend)
    }
}

extension [Finding] {
    /// The findings for people, in columns.
    public func text(style: Style) -> String {
        // A word's column; the path of a program takes what it needs.
        let width = map { columns(of: Prose.printable($0.subject)) }.max().map { Swift.max($0, 11) } ?? 0
        let indent = String(repeating: " ", count: 6 + width + 2)
        var lines: [String] = []
        for finding in self {
            let subject = Prose.printable(finding.subject)
            let padded = subject + String(repeating: " ", count: Swift.max(0, width - columns(of: subject)))
            lines.append("\(style.paint(finding.result))  \(padded)  \(Prose.printable(finding.text))")
            if let mend = finding.mend { lines.append("\(indent)mend: \(Prose.printable(mend))") }
        }
        if let sum = DoctorProse.sum(warnings: count(of: .warn), failures: count(of: .fail)) { lines.append(sum) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The findings for scripts: an array of objects.
    public func json() -> SecretBytes {
        var json = JSONWriter()
        json.array { json in
            for finding in self {
                json.object { json in
                    json.member("result", finding.result.rawValue)
                    json.member("subject", finding.subject)
                    json.member("text", finding.text)
                    json.member("mend", finding.mend)
                }
            }
        }
        return json.finish()
    }

    /// 0 where nothing fails, else 1.
    public var exitStatus: Int32 { count(of: .fail) == 0 ? 0 : 1 }

    private func count(of result: Finding.Result) -> Int { filter { $0.result == result }.count }
}

extension Style {
    /// A result in four columns, coloured by its meaning.
    fileprivate func paint(_ result: Finding.Result) -> String {
        switch result {
        case .ok: paint("ok  ", .green)
        case .warn: paint("warn", .yellow)
        case .fail: paint("fail", .red)
        }
    }
}
