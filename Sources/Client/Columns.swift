import CLinux
import Glibc

/// How many columns of a terminal `text` takes: two for what East Asia writes wide and for emoji, none for marks that join
/// the character before them.
package func columns(of text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return utf8Locale.with { text.reduce(0) { $0 + columns(of: $1) } }
}

private func columns(of character: Character) -> Int {
    let scalars = character.unicodeScalars
    // A variation selector that asks for the emoji, or the two letters of a flag: two columns, whatever each has by itself.
    let isFlag = scalars.count == 2 && scalars.allSatisfy { (0x1F1E6...0x1F1FF).contains($0.value) }
    if isFlag || scalars.contains("\u{FE0F}") { return 2 }
    return scalars.map { max(0, Int(lanyard_columns($0.value))) }.max() ?? 0
}

/// The locale in which the C library knows the width of each character. It has C.UTF-8 built in.
@safe private struct Locale: @unchecked Sendable {
    // Unchecked and safe: a locale is not changed once it is made, and never freed.
    private let locale = unsafe newlocale(1 << LC_CTYPE, "C.UTF-8", nil)

    func with<R>(_ body: () -> R) -> R {
        guard let locale = unsafe locale else { return body() }
        // For this thread, and as it was afterwards.
        let before = unsafe uselocale(locale)
        defer { unsafe uselocale(before) }
        return body()
    }
}

private let utf8Locale = Locale()
