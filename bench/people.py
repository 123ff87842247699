"""Persons with many sessions, servers, and questions to the daemon."""

import contextlib
import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from measure import PROGRAMS, REPOSITORY, TOOLS

sys.path[:0] = [str(REPOSITORY / "Tests/CommandTests"), str(REPOSITORY / "Tests/Servers")]

from leaks import Leaks  # noqa: E402
from person import Person  # noqa: E402
from processes import eventually  # noqa: E402, F401
from varlink_wire import AGENT, message, receive  # noqa: E402

# So many calls are sent before an answer is waited for, each on a connection of its own.
AT_ONCE = 16

# What a JWT and its refresh token take.
LARGE = 1600


@contextlib.contextmanager
def person(keyring=None):
    """Somebody with folders of their own, which are removed at the end."""
    # Short: a socket's name holds 107 bytes.
    folder = tempfile.mkdtemp(prefix="lanyard-bench-", dir="/tmp")
    someone = Person(Path(folder) / "1", PROGRAMS, Leaks(), keyring=keyring)
    try:
        yield someone
    finally:
        someone.leave()
        Path(folder).rmdir()


@contextlib.contextmanager
def server(delay=0):
    """serve.c; yields its origin. `delay`: in milliseconds, of each renewal."""
    process = subprocess.Popen([TOOLS / "serve", str(delay)], stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def fetch(url, method="GET"):
    """The answer's body."""
    request = urllib.request.Request(url, method=method)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return answer.read().decode()


def start_daemon(someone):
    """Makes the store too, and returns the daemon's pid."""
    someone.lanyard("add", "first", "--for", "https://first.example.com", "--bearer", input="the first one's token\n")
    return someone.running_daemon()


def host(number):
    """The host that session number `number` of `add_sessions` is for."""
    return f"host-{number}.example.com"


def add_sessions(someone, count, size=100, **parameters):
    """Adds sessions s-0, s-1, …, each for a host of its own, with a token of `size` bytes.

    `parameters`: more of Add's; a text may hold {number}."""
    connections = [someone.connect() for _ in range(AT_ONCE)]
    for start in range(0, count, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, count))
        for connection, number in zip(connections, numbers):
            connection.sendall(message(f"{AGENT}.Add", **_session(number, size, parameters)))
        for connection, number in zip(connections, numbers):
            answer = receive(connection)
            assert "error" not in answer, answer
    for connection in connections:
        connection.close()


def _session(number, size, parameters):
    more = {key: value.format(number=number) for key, value in parameters.items()}
    secret = f"token-{number}-".ljust(size, "x")
    return {
        "protocol": 1, "name": f"s-{number}", "for": [f"https://{host(number)}"], "kind": "bearer", "secret": secret,
        **more,
    }


def write_questions(path, numbers):
    """A file for load.c: what the preload library asks before a request to the host of each of these sessions."""
    with open(path, "w") as file:
        for number in numbers:
            target = {"scheme": "https", "host": host(number), "port": 443, "path": "/api/orders"}
            question = {
                "protocol": 1, "program": "curl", "sessions": [], "hop": 0, "left": False, "start": target,
                "target": target, "method": "GET", "peer": "192.0.2.1", "peer_port": 443, "proxy": False,
                "verified": True, "host": None, "brought": [], "cookies": [], "required": False, "ambient": False,
            }
            call = {"method": f"{AGENT}.Attach", "more": True, "parameters": question}
            file.write(json.dumps(call, separators=(",", ":")) + "\n")
    return path
