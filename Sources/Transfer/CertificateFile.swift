import CCurl
import Glibc

/// The file of certificates that servers are verified against.
enum CertificateFile {
    /// As the curl tool chooses: `CURL_CA_BUNDLE`, then `SSL_CERT_FILE`, then the one libcurl was built with if it can be
    /// read; nil for libcurl's own way.
    static func chosen() -> String? {
        environment("CURL_CA_BUNDLE") ?? environment("SSL_CERT_FILE") ?? builtIn()
    }

    private static func environment(_ name: String) -> String? {
        // Nothing in the daemon changes the environment once the loop runs.
        guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
        return unsafe String(cString: value)
    }

    private static func builtIn() -> String? {
        // The string is libcurl's, and lives as long as the process.
        guard let path = unsafe lanyard_curl_built_in_cainfo(), unsafe access(path, R_OK) == 0 else { return nil }
        return unsafe String(cString: path)
    }
}
