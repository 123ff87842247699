import CLinux
import Glibc

/// What the last system call says went wrong: `No such file or directory`.
func lastError() -> String { errorText(errno) }

/// glibc's words for the error number `number`.
func errorText(_ number: Int32) -> String {
    // These programs have one thread, so that nobody overwrites strerror's text before it is copied.
    unsafe String(cString: strerror(number))
}
