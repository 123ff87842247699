import Cookies
import Model

private let now = WallInstant(seconds: 1_527_811_200)

/// Reads any bytes as a cookie file.
///
/// Nothing may trap; each line is a cookie, damaged or neither; what is written is read as the same again; and a file in
/// two parts is the same file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzNetscapeFile(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    // libFuzzer lends `size` bytes for this call.
    let input = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    let content = NetscapeFile.parse(SecretBytes(input), now: now)
    let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count
    precondition(content.cookies.count + content.damaged.count <= lines, "more than there is")
    precondition(content.damaged.allSatisfy { (1...lines).contains($0.number) }, "a line that is not there")
    for cookie in content.cookies {
        precondition(cookie.isHostOnly || !PublicSuffix.isSuffix(cookie.domain), "a cookie for a public suffix")
        precondition(!cookie.value.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }, "a value that is two")
    }
    let again = NetscapeFile.parse(NetscapeFile.write(content.cookies), now: now)
    let kept = content.cookies.count - NetscapeFile.Losses(content.cookies).leftOut
    precondition(again.damaged.isEmpty && again.cookies.count == kept, "a line that is not read again")
    var (jar, copy) = (CookieJar(), CookieJar())
    jar.add(content.cookies.filter { !$0.name.contains("\t") }, now: now)
    copy.add(again.cookies, now: now)
    if kept == content.cookies.count { precondition(jar.cookies.map(\.key) == copy.cookies.map(\.key), "another jar") }
    if let middle = input.firstIndex(of: UInt8(ascii: "\n")) {
        let first = NetscapeFile.parse(SecretBytes(input[...middle]), now: now)
        let second = NetscapeFile.parse(SecretBytes(input[(middle + 1)...]), now: now, firstLine: 2)
        precondition(first.damaged + second.damaged == content.damaged, "another damage in parts")
        precondition(first.cookies.count + second.cookies.count == content.cookies.count, "another file in parts")
    }
    return 0
}
