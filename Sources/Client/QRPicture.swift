import Model
import Varlink

/// A QR code drawn with half blocks, two rows of it in a line. Its light modules are what is drawn, bright on dark, so
/// that it looks the same on a terminal of either colour.
public struct QRPicture {
    /// The light rim that readers need (ISO/IEC 18004, 6.3.8), in modules.
    private static let rim = 4

    /// What the daemon says; each row of `1` for dark and `0` for light.
    private let rows: [[Bool]]

    /// The picture of `rows`; nil where they are none.
    public init?(_ rows: [String]) {
        let width = rows.count + 2 * Self.rim
        let isSquare = rows.allSatisfy {
            $0.utf8.count == rows.count && $0.utf8.allSatisfy { [0x30, 0x31].contains($0) }
        }
        guard !rows.isEmpty, isSquare else { return nil }
        let light = Array(repeating: true, count: Self.rim)
        let above = Array(repeating: Array(repeating: true, count: width), count: Self.rim)
        self.rows = above + rows.map { light + $0.utf8.map { $0 == 0x30 } + light } + above
    }

    /// How many columns it takes.
    public var columns: Int { rows.count }

    /// Its lines.
    public func lines(_ style: Style) -> [String] {
        stride(from: 0, to: rows.count, by: 2).map { top in
            let below = top + 1 < rows.count ? rows[top + 1] : Array(repeating: false, count: rows.count)
            let blocks = zip(rows[top], below).map { isLight in
                switch isLight {
                case (true, true): "█"
                case (true, false): "▀"
                case (false, true): "▄"
                case (false, false): " "
                }
            }
            return style.paint(blocks.joined(), .picture)
        }
    }

    /// Whether standard output is a terminal that can show it.
    public var canBeShown: Bool {
        guard let width = Style.terminalWidth, width >= columns, Environment.value("TERM") != "dumb" else {
            return false
        }
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { Environment.value($0) }.first ?? ""
        return locale.uppercased().replacing("-", with: "").hasSuffix("UTF8")
    }
}
