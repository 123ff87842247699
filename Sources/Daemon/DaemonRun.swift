import CLinux
import EventLoop
import Glibc
import Model
import Prose
import Store
import Synchronization
import Varlink

/// One run of the daemon on the loop, from the opened socket to the clean stop.
@LoopActor final class DaemonRun {
    /// How long a stop waits for what is under way, in seconds: a request of ours ends within 30, whatever the server does.
    private static let patience = 40.0

    /// How long the first caller waits for a keyring that does not answer, in seconds: less than commands wait for a
    /// daemon that starts.
    private static let patienceForKeyring = 3.0

    private let socket: ListeningSocket
    private let path: String
    private let stateFolder: String
    private let log: Log
    private let report: Detachment.Report?
    private let notification: ServiceNotification
    private let configuration: Configuration
    private let ephemeral: EphemeralRun?
    private var watch: DescriptorSource?
    private var agent: Agent?
    private var server: Server?
    private var signals: SignalSource?
    private var stopping: Task<Void, Never>?
    /// Whether it came up.
    nonisolated let hasFailed = Atomic(false)

    nonisolated init(
        socket: ListeningSocket, path: String, stateFolder: String, log: Log, report: Detachment.Report?,
        notification: ServiceNotification, configuration: Configuration,
        ephemeral: EphemeralRun? = nil
    ) {
        self.ephemeral = ephemeral
        self.notification = notification
        self.configuration = configuration
        self.socket = socket
        self.path = path
        self.stateFolder = stateFolder
        self.log = log
        self.report = report
    }

    /// Opens the store and begins to serve.
    func start() async {
        do {
            signals = try SignalSource([SIGTERM, SIGINT]) { [weak self] _ in
                EventLoop.task { [weak self] in
                    await self?.shutDown()
                    EventLoop.stop()
                }
            }
            signal(SIGHUP, SIG_IGN)
            watch = try ephemeral?.watch { [weak self] in
                self?.watch?.cancel()
                EventLoop.task { [weak self] in
                    await self?.shutDown()
                    EventLoop.stop()
                }
            }
            let agent = try Agent(store: makeStore(), socketPath: path, clock: .system)
            self.agent = agent
            agent.use(configuration)
            agent.onStop = { [weak self] in
                await self?.shutDown()
                // After the reply: the job is queued behind the one that sends it.
                EventLoop.task { EventLoop.stop() }
            }
            agent.renewer.onOutcome = { [log, weak agent, announcer = agent.announcer] entry, failure in
                let name = entry.session.name
                agent?.noteRenewal(name, failure)
                log.write(failure.map { Prose.notRenewed(name, $0) } ?? Prose.renewed(name))
                if failure == nil { announcer.wasRenewed(entry) }
            }
            agent.log = { [log] in log.write($0) }
            agent.announcer.log = { [log] in log.write($0) }
            do throws(Failure) { try agent.trusted.load() } catch { log.write(error.message) }
            await open(agent)
            let server = try Server(socket.descriptor, Services(agent: AgentService(agent: agent)))
            self.server = server
            agent.dropUnsentAndUnfinishedImports = { [weak server] in server?.dropUnsentAndUnfinishedImports() }
            agent.onDoors = { [notification, weak agent] in
                notification.changed(Prose.serviceStatus(agent?.storeState))
            }
            agent.onReload = { [notification, weak agent] isDone in
                if isDone {
                    notification.ready(Prose.serviceStatus(agent?.storeState))
                } else {
                    notification.reloading()
                }
            }
            log.write(Prose.listening(path))
            notification.ready(Prose.serviceStatus(agent.storeState))
            report?.ready()
        } catch {
            hasFailed.store(true, ordering: .relaxed)
            let message = Prose.cannotStart("\(error)")
            log.write(message)
            report?.failed(message)
            socket.remove()
            EventLoop.stop()
        }
    }

    /// Opens the store. A keyring that hangs does not keep the daemon from serving: opening goes on.
    private func open(_ agent: Agent) async {
        let opening = EventLoop.task { [log] in
            await agent.start()
            for warning in agent.warnings { log.write(warning) }
        }
        _ = await withDeadline(seconds: Self.patienceForKeyring) { await opening.value }
    }

    private func makeStore() -> Store {
        Store(
            folders: StoreFolders(
                data: Environment.folder("XDG_DATA_HOME", orHome: ".local/share"), state: stateFolder),
            environment: StoreSettings(
                kind: configuration.settings.store, passphraseFile: configuration.settings.passphraseFile),
            clock: .system, inMemory: ephemeral != nil)
    }

    /// Ends cleanly; whoever asks again waits for the same end.
    private func shutDown() async {
        let task = stopping ?? EventLoop.task { [self] in await finish() }
        stopping = task
        await task.value
    }

    private func finish() async {
        notification.stopping()
        server?.close()
        await agent?.close(patience: Self.patience)
        socket.remove()
        ephemeral?.removeFolder(of: path)
        log.write(Prose.stopped)
    }
}
