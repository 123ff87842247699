import CLinux
import Glibc

/// The value of the environment variable `name`; nil where it is unset or empty.
public func environmentValue(_ name: String) -> String? {
    // getenv's text stays until someone calls setenv, and it is copied before that.
    guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
    return unsafe String(cString: value)
}

/// What the last system call says went wrong: `No such file or directory`.
func lastError() -> String { errorText(errno) }

/// glibc's words for the error number `number`.
func errorText(_ number: Int32) -> String {
    // These programs have one thread, so that nobody overwrites strerror's text before it is copied.
    unsafe String(cString: strerror(number))
}
