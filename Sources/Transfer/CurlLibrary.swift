import CCurl
import Glibc

/// libcurl in this process.
enum CurlLibrary {
    /// The result of setting it up, which the first use of this does: with the allocator that zeroes what it frees.
    static let result: CURLcode = {
        // libcurl takes host names for text of the locale's character set; ours are UTF-8 always.
        _ = unsafe setlocale(LC_CTYPE, "C.UTF-8")
        return lanyard_curl_global_init()
    }()
}
