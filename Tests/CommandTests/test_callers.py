"""Callers in a crowd, and those that do not wait for the reply."""

import contextlib
import os
import resource
import signal
import time

import pytest
from processes import eventually
from varlink_wire import AGENT, ask, come_round, message
from ways import add, sessions

# More connections than a process may have descriptors by default.
CROWD = 1100


def connect_to_the_busy(person):
    """A connection; while as many wait to be accepted as may, it is tried again."""

    def connect():
        with contextlib.suppress(BlockingIOError):
            return person.connect()

    return eventually(connect, "the daemon takes a caller")


@pytest.fixture
def crowd(person):
    """Makes connections to the daemon, which is started with this limit of descriptors, soft and hard."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits[1], limits[1]))
    with contextlib.ExitStack() as stack:

        def start(soft, hard):
            person.run("sh", "-c", f"ulimit -Sn {soft}; ulimit -Hn {hard}; exec lanyardd --detach")
            return lambda count: [stack.enter_context(connect_to_the_busy(person)) for _ in range(count)]

        yield start
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def processor_time(pid):
    """In seconds."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def assert_rests(pid):
    """Over a second it needs next to no processor time."""
    begun, spent = time.monotonic(), processor_time(pid)
    eventually(lambda: time.monotonic() > begun + 1, "a second is over")
    assert processor_time(pid) - spent < 0.2


def is_served(connection):
    try:
        answer = ask(connection, f"{AGENT}.Status")
    except (BrokenPipeError, ConnectionResetError):
        return False
    return answer is not None and "pid" in answer["parameters"]


def test_a_crowd_of_silent_callers(person, crowd):
    """The limit that a shell has by default is no limit."""
    connections = crowd(1024, 4096)(CROWD)
    assert_rests(person.daemon_pid())
    person.lanyard("list")
    assert all(is_served(connection) for connection in connections)


def test_where_there_is_no_room_the_longest_silent_caller_goes(person, crowd):
    connect = crowd(1024, 1024)
    connections = connect(CROWD // 2)
    assert is_served(connections[0])
    connections += connect(CROWD // 2)
    assert_rests(person.daemon_pid())
    person.lanyard("list")
    served = [is_served(connection) for connection in connections]
    # Who has spoken stays; of the others the first to come are the first to go.
    assert served[0] and not served[1]
    assert served[1:] == sorted(served[1:]) and sum(served) > CROWD // 2


def test_calls_of_a_caller_that_has_gone_are_not_carried_out(person, leaks):
    """It got no reply to the first call, and does not count on the second."""
    add(person, "before", "https://api.example", leaks.new("bearer"))
    pid = person.running_daemon()
    secret = leaks.new("bearer")
    second = {"name": "second", "for": ["https://api.example"], "kind": "bearer", "secret": secret}
    os.kill(pid, signal.SIGSTOP)
    try:
        with person.connect() as connection:
            connection.sendall(message(f"{AGENT}.Status") + message(f"{AGENT}.Add", **second))
    finally:
        os.kill(pid, signal.SIGCONT)
    # Connections are taken and read in the order in which they came.
    come_round(person)
    # Whatever was begun then is in the journal before this.
    add(person, "after", "https://api.example", leaks.new("bearer"))
    assert list(sessions(person)) == ["after", "before"]
