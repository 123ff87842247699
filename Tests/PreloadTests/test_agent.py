"""An agent that is not there, slow, broken or hostile: nothing is attached, and nothing else goes wrong."""

import os
import threading
import time

import pytest

from compiling import HERE, cc
from fake_agent import RENEWING, FakeAgent, attached, nothing


@pytest.fixture
def hang():
    event = threading.Event()
    yield event
    event.set()


def sent_plain(server):
    return all(r.one("authorization") is None for r in server.requests)


def test_without_a_daemon(curl, serve, tmp_path):
    server = serve()
    done = curl(server.url(), server.url())
    assert (done.returncode, done.stdout) == (0, "okok")
    assert done.stderr == f"lanyard: no daemon answers at {tmp_path}/agent: sent without a session\n"
    assert curl(server.url(), env={"LANYARD_RUN": None}).stderr == ""
    assert sent_plain(server)


@pytest.mark.parametrize("answer", [
    [b"\0"], [b"garbage\0"], [b"{}\n\0x"], [None], [b'{"parameters":', None], [b"x" * 70000 + b"\0"], [b"x" * 5000000],
    [b'{"parameters":{"session":"s","headers":[{"name":"Authorization","value":"a\\r\\nX: y"}],"reason":"attached"}}\0'],
    [b'{"a":' + b"[" * 60000 + b"\0"], [attached(), attached()],
    [{"error": "io.lanyard.Agent.Internal", "parameters": {"message": "a fault"}}],
    [{"error": "org.varlink.service.MethodNotFound", "parameters": {"method": "x"}}],
    [{"continues": True, "parameters": {}}, None],
])
def test_answers_that_attach_nothing(curl, agent, serve, answer):
    server = serve()
    agent.answer = lambda message: answer
    done = curl(server.url(), server.url())
    assert (done.returncode, done.stdout) == (0, "okok")
    # Two answers to one question may arrive apart: then the second is found, and dropped, before the next question.
    assert sent_plain(server) or answer == [attached(), attached()]
    assert b"Bearer" not in done.stderr.encode()


def test_an_unasked_answer_is_not_taken_for_the_next_questions(curl, agent, serve):
    server, other = serve(), serve()
    answers = {server.port: [nothing(), attached()], other.port: [nothing()]}
    agent.answer = lambda message: answers[message["parameters"]["target"]["port"]]
    curl(server.url(), other.url())
    assert sent_plain(server) and sent_plain(other)


def test_an_errors_message_is_said(curl, agent, serve):
    error = {"error": "io.lanyard.Agent.StoreLocked", "parameters": {"message": "the store is locked"}}
    agent.answer = lambda message: [error]
    assert curl(serve().url()).stderr == "lanyard: the store is locked\n"


@pytest.mark.parametrize("env, options, low, high", [
    ({}, [], 1.9, 3.5),
    ({"LANYARD_RUN": None}, [], 0.24, 1.5),
    ({}, ["-Z"], 0.24, 1.5),
])
def test_deadlines(curl, agent, serve, hang, env, options, low, high):
    server = serve()
    agent.answer = lambda message: [hang]
    start = time.monotonic()
    done = curl(*options, server.url(), env=env)
    assert low <= time.monotonic() - start < high
    assert done.stdout == "ok" and sent_plain(server)


def test_deadline_for_a_renewal_in_the_multi_interface(curl, agent, serve, hang):
    server = serve()
    agent.answer = lambda message: [RENEWING, hang]
    start = time.monotonic()
    done = curl("-Z", server.url())
    assert 1.9 <= time.monotonic() - start < 3.5
    assert sent_plain(server)
    # The daemon is not to blame.
    assert done.stderr.startswith("lanyard: the token is being renewed, and its server does not answer in time: ")


@pytest.mark.parametrize("seconds, low, high", [("1", 0.9, 1.8), ("0.7", 0.6, 1.6)])
def test_a_renewal_is_not_waited_for_longer_than_the_script_waits(curl, agent, serve, hang, seconds, low, high):
    server = serve()
    agent.answer = lambda message: [RENEWING, hang]
    start = time.monotonic()
    curl("-m", seconds, server.url())
    assert low <= time.monotonic() - start < high


def test_two_misses_and_it_is_left_alone(curl, agent, serve, hang):
    server = serve()
    agent.answer = lambda message: [hang]
    start = time.monotonic()
    done = curl(*[server.url()] * 10, env={"LANYARD_RUN": None})
    assert time.monotonic() - start < 2
    assert done.stdout == "ok" * 10 and len(agent.questions) == 2


def test_a_late_report_is_no_miss(curl, agent, serve, hang):
    server = serve({"/set": (200, [("Set-Cookie", "a=1")], b"ok")})
    answers = iter([[attached()], [hang], [hang], [attached()], [{"parameters": {}}]])
    agent.answer = lambda message: next(answers)
    curl(*[server.url("/set")] * 3, env={"LANYARD_RUN": None})
    assert [r.one("authorization") for r in server.requests] == ["Bearer ours", None, "Bearer ours"]
    assert [m["method"].rsplit(".")[-1] for m in agent.messages] == ["Attach", "Received", "Attach", "Attach", "Received"]


def test_require(curl, agent, serve, tmp_path, hang):
    server = serve()
    agent.answer = lambda message: [nothing(notice=["no session is for it"])]
    done = curl(server.url(), env={"LANYARD_RUN": "require"})
    assert (done.returncode, done.stdout, server.requests) == (42, "", [])
    assert done.stderr.startswith("lanyard: no session is for it\n")
    agent.answer = lambda message: [nothing()]
    done = curl(server.url(), env={"LANYARD_RUN": "require"})
    assert "lanyard: no session for this request: not sent, because --require was given\n" in done.stderr
    assert "lanyard:" not in curl(server.url(), env={"LANYARD_RUN": "require,quiet"}).stderr
    done = curl(server.url(), env={"LANYARD_RUN": "say,require", "LANYARD_SOCKET": str(tmp_path / "nobody")})
    assert done.returncode == 42 and "not sent, because --require was given" in done.stderr
    assert curl("-Z", server.url(), env={"LANYARD_RUN": "require"}).returncode == 42
    assert server.requests == []
    agent.answer = lambda message: [attached()]
    assert curl(server.url(), env={"LANYARD_RUN": "require"}).stdout == "ok"


def test_notices_of_one_process_are_said_once_each(curl, agent, serve):
    server = serve()
    agent.answer = lambda message: [nothing(notice=["one", "two"])]
    assert curl(*[server.url()] * 5).stderr == "lanyard: one\nlanyard: two\n"


def test_an_answer_is_kept_for_a_second_at_most(run, client, agent, serve):
    server = serve({"/": (200, [], b"ok"), "/set": (200, [("Set-Cookie", "a=1")], b"")})
    run(client, "loop", server.url(), 50).check_returncode()
    assert len(server.requests) == 50 and len(agent.questions) == 1
    run(client, "loop", server.url("/set"), 3).check_returncode()
    assert len(agent.questions) == 1 + 3, "a cookie that came back ends it"
    agent.answer = lambda message: [nothing()]
    run(client, "loop", server.url(), 3).check_returncode()
    assert len(agent.questions) == 4 + 3, "only what was attached is kept"


def test_a_daemon_that_was_started_anew_is_found(run, client, agent, serve, tmp_path, closing):
    server = serve()
    agent.answer = lambda message: [nothing()]

    def restart(request):
        if len(server.requests) == 1:
            agent.close()
            closing.append(FakeAgent(tmp_path / "agent", lambda message: [attached()]))

    server.on_request = restart
    run(client, "loop", server.url(), 2).check_returncode()
    assert [r.one("authorization") for r in server.requests] == [None, "Bearer ours"]


def test_a_connection_that_ends_under_a_question_is_made_anew(run, client, agent, serve):
    server = serve()
    agent.answer = lambda message: [[nothing()], [None], [attached()]][len(agent.questions) - 1]
    run(client, "loop", server.url(), 2).check_returncode()
    assert [r.one("authorization") for r in server.requests] == [None, "Bearer ours"]


@pytest.mark.parametrize("mode, link", [(0o755, False), (0o770, False), (0o700, True)])
def test_a_folder_that_is_not_private_is_not_trusted(curl, serve, tmp_path, closing, mode, link):
    server = serve()
    folder = tmp_path / "runtime" / ("real" if link else "lanyard")
    folder.mkdir(parents=True)
    if link:
        (tmp_path / "runtime" / "lanyard").symlink_to("real")
    closing.append(FakeAgent(folder / "socket", lambda message: [attached()]))
    folder.chmod(mode)
    env = {"LANYARD_SOCKET": None, "XDG_RUNTIME_DIR": str(tmp_path / "runtime")}
    assert "no daemon answers" in curl(server.url(), env=env).stderr
    assert sent_plain(server)


@pytest.mark.skipif(os.getuid() != 0, reason="takes two users")
def test_a_folder_of_another_user_is_not_trusted(curl, serve, tmp_path, closing):
    server = serve()
    folder = tmp_path / "runtime" / "lanyard"
    folder.mkdir(parents=True, mode=0o700)
    closing.append(FakeAgent(folder / "socket", lambda message: [attached()]))
    os.chown(folder, 65534, 65534)
    env = {"LANYARD_SOCKET": None, "XDG_RUNTIME_DIR": str(tmp_path / "runtime")}
    assert "no daemon answers" in curl(server.url(), env=env).stderr
    assert sent_plain(server)


def test_the_runtime_folder(curl, serve, tmp_path, closing):
    server = serve()
    (tmp_path / "runtime" / "lanyard").mkdir(parents=True, mode=0o700)
    closing.append(FakeAgent(tmp_path / "runtime" / "lanyard" / "socket", lambda message: [attached()]))
    curl(server.url(), env={"LANYARD_SOCKET": None, "XDG_RUNTIME_DIR": str(tmp_path / "runtime")})
    assert server.requests[0].one("authorization") == "Bearer ours"


def test_an_agent_of_another_user_is_not_asked(curl, agent, serve, library, tmp_path):
    server = serve()
    cc("-shared", "-fPIC", "-o", tmp_path / "other_user.so", HERE / "other_user.c")
    done = curl(server.url(), env={"LD_PRELOAD": f"{tmp_path}/other_user.so:{library}"})
    assert "no daemon answers" in done.stderr and sent_plain(server) and agent.messages == []


@pytest.mark.parametrize("env", [
    {"LANYARD_SOCKET": "/" + "x" * 200}, {"LANYARD_SOCKET": "relative"}, {"LANYARD_SOCKET": "/"},
    {"LANYARD_SOCKET": None, "XDG_RUNTIME_DIR": "x" * 300}, {"LANYARD_SESSION": "," * 10000},
    {"LANYARD_RUN": "," * 10000}, {"LANYARD_SESSION": "\xff" * 5000},
])
def test_odd_environments(curl, serve, env):
    server = serve()
    assert curl(server.url(), env=env).stdout == "ok"


@pytest.mark.parametrize("names", [",", ",,,", " ", " , ", "," * 10000, ",".join(f"s{i}" for i in range(65)), "s," * 65])
def test_sessions_that_cannot_be_told_are_not_all_sessions(curl, agent, serve, names):
    server = serve()
    env = {"LANYARD_SESSION": names}
    done = curl(server.url(), server.url(), env=env)
    assert (done.returncode, done.stdout) == (0, "okok")
    assert done.stderr == "lanyard: LANYARD_SESSION names no session, or more than 64: sent without a session\n"
    assert curl(server.url(), env={**env, "LANYARD_RUN": None}).stderr == ""
    assert curl("-Z", server.url(), env=env).stdout == "ok"
    assert agent.messages == [] and sent_plain(server)
    count = len(server.requests)
    done = curl(server.url(), env={**env, "LANYARD_RUN": "require"})
    assert done.returncode == 42 and "not sent, because --require was given" in done.stderr
    assert len(server.requests) == count


@pytest.mark.parametrize("names, asked", [
    ("", []), (None, []), (",a,,b,", ["a", "b"]), (" a ,  b", ["a", "b"]), (",".join(f"s{i}" for i in range(64)) + ",", [f"s{i}" for i in range(64)]),
])
def test_sessions_that_are_named(curl, agent, serve, names, asked):
    curl(serve().url(), env={"LANYARD_SESSION": names})
    assert agent.questions[0]["sessions"] == asked


def test_a_name_that_is_lost_to_memory_is_not_left_out(curl, agent, serve, library, tmp_path):
    server = serve()
    cc("-shared", "-fPIC", "-o", tmp_path / "no_memory.so", HERE / "no_memory.c")
    done = curl(server.url(), env={"LD_PRELOAD": f"{tmp_path}/no_memory.so:{library}", "LANYARD_SESSION": "a,lost,b"})
    assert done.stdout == "ok" and "LANYARD_SESSION names no session" in done.stderr
    assert agent.messages == [] and sent_plain(server)


def test_odd_requests(curl, agent, serve):
    server = serve()
    many = [word for i in range(3000) for word in ("-H", f"X-{i}-{'n' * 30}: v")]
    done = curl(*many, server.url())
    assert "cannot be asked about" in done.stderr and agent.messages == []
    curl(server.url("/" + "p" * 20000))
    assert agent.messages == [] and sent_plain(server)
    curl("-X", b'A"\\\xff\xc3\xa4', "-b", b"\xff=1", server.url(), text=False)
    assert agent.questions[0]["method"] == 'A"\\\ufffdä' and agent.questions[0]["cookies"] == ["\ufffd"]
