import EventLoop
import Model

/// Logins that wait for a person: whoever wants the same one meanwhile joins it, so that twenty scripts open one window.
@LoopActor final class LoginsUnderWay {
    /// Takes a step; whether this caller began the login.
    typealias Listener = @LoopActor @Sendable (LoginStep, _ first: Bool) -> Void

    @LoopActor private final class Login {
        let key: String
        var task: Task<Result<Void, Failure>, Never>?
        var entry: SessionEntry?
        var steps: [LoginStep] = []
        var listeners: [Int: Listener] = [:]
        var lastNumber = 0

        init(_ key: String) { self.key = key }
    }

    private var logins: [String: Login] = [:]

    /// Begins the login `key`, or joins the one under way. When its last caller is cancelled, so is the login.
    func run(
        _ key: String, _ listener: @escaping Listener,
        _ body:
            @escaping @LoopActor @Sendable (@escaping @LoopActor (LoginStep) -> Void) async throws(Failure) ->
            SessionEntry
    ) async throws(Failure) -> SessionEntry {
        let login = logins[key] ?? Login(key)
        for step in login.steps { listener(step, false) }
        login.lastNumber += 1
        let number = login.lastNumber
        login.listeners[number] = listener
        let task = login.task ?? start(login, body)
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            EventLoop.task { self.leave(login, number) }
        }
        try result.get()
        guard let entry = login.entry else { throw .loginGivenUp }
        return entry
    }

    /// Breaks all of them off.
    func cancel() {
        for login in logins.values { cancel(login) }
    }

    private func start(
        _ login: Login,
        _ body:
            @escaping @LoopActor @Sendable (@escaping @LoopActor (LoginStep) -> Void) async throws(Failure) ->
            SessionEntry
    ) -> Task<Result<Void, Failure>, Never> {
        logins[login.key] = login
        let task = EventLoop.task { [self] () -> Result<Void, Failure> in
            defer { forget(login) }
            do throws(Failure) {
                login.entry = try await body { step in
                    login.steps.append(step)
                    for (number, listener) in login.listeners { listener(step, number == 1) }
                }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        login.task = task
        return task
    }

    private func leave(_ login: Login, _ number: Int) {
        login.listeners[number] = nil
        if login.listeners.isEmpty { cancel(login) }
    }

    /// It may take a while to end, at its server: whoever wants the same one meanwhile begins anew.
    private func cancel(_ login: Login) {
        forget(login)
        login.task?.cancel()
    }

    private func forget(_ login: Login) {
        if logins[login.key] === login { logins[login.key] = nil }
    }
}
