import CLinux
import Glibc
import Model
import Prose

/// A program to become: a tail of this process's own arguments, which are passed on as the bytes they are.
public struct Program: Sendable {
    /// The index of its name in this process's arguments.
    let first: Int

    /// The program whose name is this process's argument number `first`.
    public init(firstArgument first: Int) { self.first = first }

    /// The program that is the last `count` of this process's arguments.
    public init(lastArguments count: Int) { first = Int(CommandLine.argc) - count }

    /// Becomes the program, found in `PATH` as execvp(3) does.
    /// - Returns: only where that fails: 127 where it is not found, else 126, as env(1). It is said on stderr.
    public func become() -> Int32 {
        // argv ends with a null pointer, so that its tail is a vector for exec; `first` is below argc.
        let vector = unsafe CommandLine.unsafeArgv + first
        guard first < Int(CommandLine.argc), let name = unsafe vector.pointee else { return 125 }
        unsafe execvp(name, vector)
        let number = errno
        ErrorLine.say(CommandProse.cannotRun(unsafe String(cString: name), errorText(number)))
        return number == ENOENT ? 127 : 126
    }

    /// Becomes `lanyard-cli` with this process's arguments, under its name.
    /// - Returns: only where that fails, the exit status.
    public static func becomeCompleteCommand() -> Int32 {
        guard let path = InstalledFiles.completeCommand() else {
            return ErrorLine.report(CommandProse.noCompleteCommand())
        }
        // argv is a vector for exec as it is.
        unsafe execv(path, CommandLine.unsafeArgv)
        return ErrorLine.report(CommandProse.cannotRunCompleteCommand(path, lastError()))
    }
}
