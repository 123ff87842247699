import CQRencode

/// A QR code (ISO/IEC 18004), for a person to read an address off the terminal with their phone.
struct QRCode {
    /// Its rows, each module as `1` for dark or `0` for light, without the quiet zone around it.
    let rows: [String]

    /// The code of `text`; nil where it is empty or longer than a code holds (2,953 bytes).
    init?(_ text: String) {
        var text = text
        // The bytes are lent for the length of the call; the symbol is freed below.
        let made = text.withUTF8 { bytes in unsafe lanyard_qr_code(bytes.baseAddress, bytes.count) }
        guard let code = unsafe made else { return nil }
        defer { unsafe QRcode_free(code) }
        let width = unsafe Int(code.pointee.width)
        // Rows and columns are below the symbol's own width.
        rows = (0..<width).map { row in
            String((0..<width).map { column in unsafe lanyard_qr_is_dark(code, row, column) ? "1" : "0" })
        }
    }
}
