import Model
import Testing

@testable import Client

@Suite struct FolderFilesTests {
    @Test func upToTheHomeOrTheRoot() {
        #expect(
            FolderFile.paths(from: "/home/a/p", home: "/home/a") == ["/home/a/p/.lanyard", "/home/a/.lanyard"])
        #expect(
            FolderFile.paths(from: "/srv/p/", home: "/home/a") == ["/srv/p/.lanyard", "/srv/.lanyard", "/.lanyard"])
        #expect(FolderFile.paths(from: "/home/ab", home: "/home/a").last == "/.lanyard")
        #expect(FolderFile.paths(from: "/", home: nil) == ["/.lanyard"])
        #expect(FolderFile.paths(from: "", home: nil).isEmpty)
    }
}
