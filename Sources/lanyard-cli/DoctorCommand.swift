import ArgumentParser
import Client
import Doctor

/// `lanyard doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Find out what is wrong, and what mends it.",
        discussion: """
            Looks at the folders, the daemon, the store, the clock and the preload library. With a program after --, says \
            whether that can be served, and if not, why and what to do instead; the program is not run. The status is 1 \
            where something fails.
            """)

    @OptionGroup var output: OutputOptions

    @Argument(
        help: ArgumentHelp("A program, as a shell would find it.", valueName: "program"),
        completion: .shellCommand("compgen -c"))
    var programs: [String] = []

    func run() throws {
        let findings = programs.isEmpty ? Examination().findings() : [ProgramCheck(programs[0]).finding()]
        if output.json {
            try Output.write(JSONPage.text(of: findings.json()))
        } else {
            try Output.write(findings.text(style: output.color.style))
        }
        throw ExitCode(findings.exitStatus)
    }
}
