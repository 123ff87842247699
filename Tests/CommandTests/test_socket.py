"""The daemon's socket: varlink for any client, and no harm from a broken one."""

import json
import os
import random
import re
import select
import socket
import stat
import sys
import threading

import pytest
from varlink_wire import AGENT, ask, message, receive

STATUS = f"{AGENT}.Status"


def varlink(person, *arguments, **options):
    return person.run(sys.executable, "-m", "varlink.cli", *arguments, **options).out


def test_info(unharmed):
    out = varlink(unharmed, "info", f"unix:{unharmed.socket}")
    assert "Lanyard" in out or "lanyard" in out
    assert AGENT in out and "org.varlink.service" in out


def test_help_describes_every_method(unharmed):
    out = varlink(unharmed, "help", f"unix:{unharmed.socket}/{AGENT}")
    assert f"interface {AGENT}" in out
    methods = re.findall(r"^method (\w+)", out, re.M)
    assert {"Attach", "Login", "Add", "List", "Show", "Token", "Explain", "Status", "Logout", "Stop"} <= set(methods)


def test_call(unharmed):
    answer = json.loads(varlink(unharmed, "call", f"unix:{unharmed.socket}/{STATUS}"))
    assert answer["pid"] == unharmed.daemon_pid()
    assert answer["store"]["kind"] == "vault" and answer["store"]["state"] == "open"
    listed = json.loads(varlink(unharmed, "call", f"unix:{unharmed.socket}/{AGENT}.List", "{}"))
    assert [session["name"] for session in listed["sessions"]] == ["before"]


def test_the_errors_of_varlink(unharmed):
    with unharmed.connect() as connection:
        for method, error in [
            (f"{AGENT}.NoSuchMethod", "org.varlink.service.MethodNotFound"),
            ("no.such.interface.Method", "org.varlink.service.InterfaceNotFound"),
        ]:
            assert ask(connection, method)["error"] == error
        missing = ask(connection, f"{AGENT}.Show")
        assert missing["error"] == "org.varlink.service.InvalidParameter"
        unknown = ask(connection, "org.varlink.service.GetInterfaceDescription", interface="no.such.interface")
        assert unknown["error"] == "org.varlink.service.InterfaceNotFound"
        # And the connection still serves.
        assert "parameters" in ask(connection, STATUS)


def test_several_calls_in_one_write(unharmed):
    with unharmed.connect() as connection:
        connection.sendall(message(STATUS) * 20)
        for _ in range(20):
            assert "pid" in receive(connection)["parameters"]


def test_a_caller_of_another_protocol(unharmed):
    with unharmed.connect() as connection:
        answer = ask(connection, f"{AGENT}.List", protocol=99)
    assert answer["error"] == f"{AGENT}.OtherProtocol" and answer["parameters"]["version"]


def test_half_a_message(unharmed):
    with unharmed.connect() as connection:
        connection.sendall(message(STATUS)[:20])
        # While this one is on its way others are unharmed; the end of the connection is the end of it.
        unharmed.lanyard("list")


def test_a_message_byte_by_byte(unharmed):
    with unharmed.connect() as connection:
        for byte in message(STATUS):
            connection.sendall(bytes([byte]))
        assert "pid" in receive(connection)["parameters"]


def test_nothing(unharmed):
    silent = [unharmed.connect() for _ in range(100)]
    unharmed.lanyard("list")
    for connection in silent:
        connection.close()


@pytest.mark.parametrize(
    "bytes_sent",
    [
        b'{"method":"' + b"x" * 2**20,
        b" " * (2**20 + 1),
        b'{"method":"' + STATUS.encode() + b'","parameters":' + b"[" * 100_000 + b"]" * 100_000 + b"}\0",
        b"[" * 100_000 + b"\0",
        b'{"a":' * 100_000 + b"\0",
        b"\0",
        b"\0" * 1000,
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n\0",
        b'"a string"\0',
        b"[]\0",
        b'{"method":7}\0',
        b'{"method":"' + STATUS.encode() + b'","parameters":7}\0',
        b'{"method":"\xff\xfe"}\0',
        b'{"method":"\\ud800"}\0',
        b'{"method":"a","method":"b"}\0',
        b'{"method":"' + AGENT.encode() + b'.List","parameters":{"protocol":1e999999}}\0',
    ],
    ids=lambda value: repr(value[:24]),
)
def test_what_is_no_message(unharmed, bytes_sent):
    """It is answered with an error, or the connection is closed; it is not waited for."""
    with unharmed.connect() as connection:
        try:
            connection.sendall(bytes_sent)
        except (BrokenPipeError, ConnectionResetError):
            return
        answer = receive(connection)
        assert answer is None or "error" in answer


def test_noise(unharmed):
    """The same noise at every run."""
    noise = random.Random(20)
    for _ in range(200):
        with unharmed.connect() as connection:
            try:
                connection.sendall(noise.randbytes(noise.randrange(1, 4000)) + b"\0")
            except (BrokenPipeError, ConnectionResetError):
                pass


def test_a_client_that_never_reads(unharmed):
    with unharmed.connect() as connection:
        connection.setblocking(False)
        asked = message("org.varlink.service.GetInterfaceDescription", interface=AGENT)
        try:
            while True:
                connection.send(asked * 10)
        except (BlockingIOError, BrokenPipeError, ConnectionResetError):
            pass
        unharmed.lanyard("list")


def test_a_client_that_only_sends_is_not_read_without_end(unharmed):
    """While it takes no replies nothing more is read, so that it costs no memory."""
    asked = message("org.varlink.service.GetInterfaceDescription", interface=AGENT) * 100
    sent = 0
    with unharmed.connect() as connection, unharmed.connect() as other:
        connection.setblocking(False)
        while select.select([], [connection], [], 0)[1]:
            sent += connection.send(asked)
            # Far above what the kernel keeps for both directions.
            assert sent < 8 * 2**20
            # By the time this is answered, the daemon has had its turn at the other connection.
            ask(other, STATUS)


def test_calls_are_answered_in_order(unharmed):
    with unharmed.connect() as connection:
        # The first is answered by a task, the second could be at once.
        connection.sendall(message(f"{AGENT}.Refresh", session="before") + message(STATUS))
        assert "error" in receive(connection) and "pid" in receive(connection)["parameters"]


@pytest.mark.parametrize("member", ["secret", "refresh_token"])
@pytest.mark.parametrize("secret", ["two\r\nlines", "two\nlines", "nul\0byte"])
def test_a_secret_that_is_no_fields_value(unharmed, leaks, member, secret):
    """The commands refuse it too; the daemon does not rely on them."""
    call = {"name": "bad", "for": ["https://api.example"], "kind": "bearer", "secret": leaks.new("bearer")}
    call |= {"token_endpoint": "https://api.example/token", "client_id": "c", "refresh_token": leaks.new("refresh")}
    with unharmed.connect() as connection:
        assert "error" in ask(connection, f"{AGENT}.Add", **call | {member: secret})


def test_only_the_owner_can_reach_it(unharmed):
    folder, file = os.stat(unharmed.socket.parent), os.stat(unharmed.socket)
    assert stat.S_IMODE(folder.st_mode) == 0o700 and stat.S_IMODE(file.st_mode) == 0o600


def test_a_runtime_folder_that_is_not_private(person, folder_for_others):
    refused = person.lanyard("list", status=8)
    assert str(folder_for_others) in refused.err


def test_a_daemon_of_another_version(person):
    """It is told apart, not talked past."""
    person.socket.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(person.socket))
        person.socket.chmod(0o600)
        listener.listen()
        threading.Thread(target=answer_as_another_version, args=[listener], daemon=True).start()
        refused = person.lanyard("list", status=None)
        assert refused.status not in (0, 64) and "99.0" in refused.err
        person.socket.unlink()


def answer_as_another_version(listener):
    parameters = {"message": "m", "session": None, "mend": None, "version": "99.0", "protocol": 99}
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            while receive(connection) is not None:
                answer = {"error": f"{AGENT}.OtherProtocol", "parameters": parameters}
                connection.sendall(json.dumps(answer).encode() + b"\0")
