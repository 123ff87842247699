import Client
import Glibc

exit(PlainCommand(CommandLine.arguments).perform())
