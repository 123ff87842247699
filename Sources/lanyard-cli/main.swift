import Client
import Glibc

ProcessStart.prepare()
exit(CommandLineRun(Array(CommandLine.arguments.dropFirst())).perform())
