import Glibc

exit(CommandLineRun(Array(CommandLine.arguments.dropFirst())).perform())
