"""An agent that records what it is asked and says what the test tells it to."""

import json
import os
import socket
import threading


class FakeAgent:
    """Answers each message with what `answer(message)` returns: a list whose items are a dictionary (sent as JSON),
    bytes (sent as they are), a threading.Event (waited for) or None (the connection is closed)."""

    def __init__(self, path, answer):
        self.path = str(path)
        self.answer = answer
        self.messages = []
        self.connections = 0
        self._lock = threading.Lock()
        self._open = []
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(self.path)
        self._socket.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def questions(self):
        return [m["parameters"] for m in self.messages if m["method"].endswith(".Attach")]

    @property
    def received(self):
        return [m["parameters"] for m in self.messages if m["method"].endswith(".Received")]

    def close(self):
        self._socket.close()
        for connection in self._open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()
        if os.path.exists(self.path):
            os.unlink(self.path)

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        pending = b""
        try:
            while True:
                chunk = connection.recv(65536)
                if not chunk:
                    return
                pending += chunk
                while b"\0" in pending:
                    text, pending = pending.split(b"\0", 1)
                    message = json.loads(text)
                    with self._lock:
                        self.messages.append(message)
                    if not self._reply(connection, message):
                        return
        except OSError:
            return

    def _reply(self, connection, message):
        for item in self.answer(message):
            if item is None:
                connection.shutdown(socket.SHUT_RDWR)
                return False
            if isinstance(item, threading.Event):
                item.wait(20)
            elif isinstance(item, bytes):
                connection.sendall(item)
            else:
                connection.sendall(json.dumps(item).encode() + b"\0")
        return True


def attached(session="api", headers=(("Authorization", "Bearer ours"),), cookie=None, notice=(), version=7,
             renews=False, **more):
    return {
        "parameters": {
            "session": session,
            "version": version,
            "headers": [{"name": name, "value": value} for name, value in headers],
            "cookie": cookie,
            "reason": "attached",
            "notice": list(notice),
            "renews": renews,
            **more,
            "renewing": False,
        }
    }


def nothing(reason="no-match", notice=()):
    return {
        "parameters": {
            "session": None,
            "headers": [],
            "cookie": None,
            "reason": reason,
            "notice": list(notice),
            "renewing": False,
        }
    }


RENEWING = {
    "continues": True,
    "parameters": {
        "session": None,
        "headers": [],
        "cookie": None,
        "reason": "renewing",
        "notice": [],
        "renewing": True,
    },
}
