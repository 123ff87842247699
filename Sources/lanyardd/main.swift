import Daemon
import Glibc

exit(DaemonProgram.main(CommandLine.arguments))
