"""Messages as they stand on the socket: JSON, closed by a NUL."""

import json
import socket

AGENT = "io.lanyard.Agent"


def message(method, /, **parameters):
    return json.dumps({"method": method, "parameters": parameters}).encode() + b"\0"


def receive(connection):
    """The next message; None if the other side closed instead."""
    got = b""
    while not got.endswith(b"\0"):
        try:
            # No further than the message's end: the next one may be there already.
            ahead = connection.recv(65536, socket.MSG_PEEK)
            chunk = connection.recv(ahead.find(b"\0") + 1 or len(ahead)) if ahead else b""
        except ConnectionResetError:
            return None
        if not chunk:
            return None
        got += chunk
    return json.loads(got[:-1])


def ask(connection, method, /, **parameters):
    connection.sendall(message(method, **parameters))
    return receive(connection)


def call(person, method, /, **parameters):
    """One call of the agent, on a connection of its own."""
    with person.connect() as connection:
        return ask(connection, f"{AGENT}.{method}", **parameters)


def come_round(person):
    """Returns when the daemon's loop has dealt with what had reached it before."""
    for _ in range(2):
        assert "pid" in call(person, "Status")["parameters"]
