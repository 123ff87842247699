"""A bus in front of a keyring's own, on which something happens before a call goes on."""

import socket
import threading


class BusBetween:
    """Before the call `method` goes on for the `number`-th time, `action` is called, once. Where it returns false, the
    connection is cut instead."""

    def __init__(self, keyring, path):
        self._keyring = keyring
        self._watched = None
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def before(self, method, action, number=1):
        self._watched = [method.encode(), action, number]

    @property
    def has_happened(self):
        return self._watched is None

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        while True:
            try:
                ours, _ = self._listener.accept()
            except OSError:
                return
            theirs = socket.socket(socket.AF_UNIX)
            theirs.connect(str(self._keyring.socket))
            for source, target in ((ours, theirs), (theirs, ours)):
                threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    def _pump(self, source, target):
        while True:
            try:
                data = source.recv(1 << 20)
                if not data or not self._goes_on(data):
                    break
                target.sendall(data)
            except OSError:
                break
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _goes_on(self, data):
        if self._watched is None or self._watched[0] not in data:
            return True
        self._watched[2] -= 1
        if self._watched[2] > 0:
            return True
        _, action, _ = self._watched
        self._watched = None
        return action() is not False
