"""What the servers of the tests that run in threads have in common."""

import threading


class Serving:
    """Serves with `self._httpd` from the begin of a `with` to its end."""

    def __enter__(self):
        threading.Thread(target=self._httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._httpd.shutdown()
        self._httpd.server_close()
