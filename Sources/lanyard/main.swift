import Client
import Glibc

StandardStreams.occupyClosed()
exit(PlainCommand(CommandLine.arguments).perform())
