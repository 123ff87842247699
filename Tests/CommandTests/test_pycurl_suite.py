"""pycurl's own tests have the same results without us, with us, and with a session for their server."""

import json
import re
import shutil
import socket
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

pytestmark = pytest.mark.vault

HERE = Path(__file__).parent
SUITE = HERE.parent.parent / "build/pycurl"

# Half a minute where nothing else runs.
DEADLINE = 300

# These wait most of the time, and run beside the others.
WAITING = ["tests/pause_test.py", "tests/multi_socket_test.py"]
PARTS = [WAITING, ["tests", *(f"--ignore={file}" for file in WAITING)]]


def copy(to):
    """A copy of the tests with free ports in place of theirs."""
    shutil.copytree(SUITE, to)
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(10)]
    ports = [str(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    for file in (to / "tests").glob("*.py"):
        file.write_text(re.sub(r"\b838(\d)\b", lambda found: ports[int(found[1])], file.read_text()))
    return to


def start(person, name, *under, **variables):
    """Starts the tests in parts: the processes, and the files that their results will be in."""
    env = {"PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"} | variables
    suite = copy(person.inputs / name)
    options = ["-q", "-p", "pycurl_suite_plugin", "-p", "no:cacheprovider"]
    started = []
    for number, part in enumerate(PARTS):
        results = suite / f"{number}.xml"
        command = [*under, sys.executable, "-m", "pytest", *options, f"--junitxml={results}", *part]
        started.append((person.start(*command, cwd=suite, env=env, stderr=subprocess.STDOUT), results))
    return started


def outcomes(started):
    """What became of each test, by its name."""
    found = {}
    for process, results in started:
        said, _ = process.communicate(timeout=DEADLINE)
        assert results.exists(), said.decode()
        for case in ElementTree.parse(results).iter("testcase"):
            other = [part.tag for part in case if part.tag in ("failure", "error", "skipped")]
            found[f"{case.get('classname')}::{case.get('name')}"] = other or ["passed"]
    return found


def sessions_that_were_sent(person):
    return {decision["session"] for decision in json.loads(person.lanyard("why", "--json", "1000").out)}


@pytest.mark.timeout(DEADLINE)
def test_same_results(new_person, leaks):
    none, one = new_person(), new_person()
    token = one.keep("token", leaks.new("bearer"))
    run = ["lanyard", "run", "--"]
    started = [start(none, "alone"), start(none, "under", *run), start(one, "under", *run, TOKEN_FILE=str(token))]
    alone, *others = map(outcomes, started)
    assert list(alone.values()).count(["passed"]) > 1000
    for sessions, other in zip(("no session", "a session"), others):
        names = sorted(alone.keys() | other.keys())
        differences = [f"{name}: {alone.get(name)}, with {sessions} {other.get(name)}" for name in names
                       if alone.get(name) != other.get(name)]  # fmt: skip
        assert not differences, "\n".join(differences)
    assert sessions_that_were_sent(none) == {None}
    assert any(sessions_that_were_sent(one)), "their server was asked with the session"
