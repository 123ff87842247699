import Client
import Glibc

ProcessStart.prepare()
exit(PlainCommand(CommandLine.arguments).perform())
