import Client
import Glibc

StandardStreams.occupyClosed()
exit(CommandLineRun(Array(CommandLine.arguments.dropFirst())).perform())
