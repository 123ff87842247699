"""A small HTTP server that writes down what it receives and answers as badly as it is told.

In a test: `with Recorder("not-json") as recorder: … recorder.origin, recorder.requests`.
By hand: `python recorder.py [--mode MODE]` prints its origin, then each request as a line of JSON.
It is a redirect's target, a proxy, another port, or a server with a fault.
"""

import argparse
import json
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, unquote_to_bytes

# 100 MiB, what no login page and no token answer is.
HUGE = 100 * 2**20

FORM = """<!doctype html><title>Log in</title><form method="post">
<input type="hidden" name="csrfmiddlewaretoken" value="aTokenOfTheForm">
<input name="username"><input type="password" name="password"><button>Log in</button></form>"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def answer(self, status, body="", kind="text/plain", headers=()):
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def receive(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.recorder.record(
            {
                "method": self.command,
                "target": self.path,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "body": body.decode("latin-1"),
            }
        )
        getattr(self, "mode_" + self.server.recorder.mode.replace("-", "_"))()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_CONNECT = receive

    def mode_ok(self):
        if self.command == "CONNECT":
            # The tunnel leads here: what the client says into it is the next request.
            self.send_response(200)
            self.end_headers()
        else:
            self.answer(200, "ok\n")

    def mode_redirect(self):
        """Sends every request on to what follows ?to=, a further ?to= included; what follows ?quoted= is decoded before."""
        _, found, to = self.path.partition("?to=")
        if not found:
            _, found, to = self.path.partition("?quoted=")
            to = unquote(to)
        self.answer(302, headers=[("Location", to)]) if found else self.answer(200, "ok\n")

    def mode_challenge(self):
        self.answer(401, "no\n", headers=[("WWW-Authenticate", 'Bearer realm="x"')])

    def mode_set_cookie(self):
        """Sets what follows ?set=, in percent-encoding; a * in it stands for 2,000 cookies, with their numbers."""
        _, found, value = self.path.partition("?set=")
        value = unquote_to_bytes(value).decode("latin-1")
        count = 2000 if "*" in value else 1
        self.answer(200, "ok\n", headers=[("Set-Cookie", value.replace("*", str(i))) for i in range(count)] if found else [])

    def mode_not_json(self):
        self.answer(200, "{]", "application/json")

    def mode_deep_json(self):
        self.answer(200, "[" * 100_000 + "]" * 100_000, "application/json")

    def mode_huge(self):
        """100 MiB that begin like JSON and like a page."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(HUGE))
        self.end_headers()
        chunk = b" " * 2**16
        try:
            for _ in range(HUGE // len(chunk)):
                self.wfile.write(chunk)
        except OSError:
            self.server.recorder.cut_short = True
        self.close_connection = True

    def mode_hang(self):
        """Answers nothing until the recorder is stopped."""
        self.server.recorder.stopped.wait()
        self.close_connection = True

    def mode_close(self):
        self.close_connection = True

    def mode_forbidden(self):
        self.answer(403, "{}", "application/json")

    def mode_server_error(self):
        self.answer(500, "it broke\n")

    def mode_no_form(self):
        self.answer(200, "<!doctype html><title>Welcome</title><p>Nothing to log in to.", "text/html")

    def mode_wide_cookie(self):
        """A login whose cookies ask for more than this host."""
        if self.command == "POST":
            cookies = ["sessionid=wide; Domain=.localhost; Path=/", "sessionid=tld; Domain=com; Path=/"]
            self.answer(302, headers=[("Set-Cookie", cookie) for cookie in cookies] + [("Location", "/")])
        else:
            self.answer(200, FORM, "text/html", [("Set-Cookie", "csrftoken=aTokenOfTheForm; Path=/")])

    def mode_no_cookie(self):
        """A login that says yes and gives nothing."""
        if self.command == "POST":
            self.answer(302, headers=[("Location", "/")])
        else:
            self.answer(200, FORM, "text/html", [("Set-Cookie", "csrftoken=aTokenOfTheForm; Path=/")])

    def mode_crlf_token(self):
        """Tokens that would be two header fields."""
        bad = "abc\r\nX-Injected: yes"
        self.answer(200, json.dumps({"token": bad, "access": bad, "refresh": bad}), "application/json")

    def log_message(self, *_):
        pass


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    server_port = 0

    def get_request(self):
        # The handler takes the address apart, and that of a Unix client is empty.
        return super().get_request()[0], ("unix", 0)


class Recorder:
    """A server on a free port of 127.0.0.1, or on a Unix socket, in threads of this process."""

    def __init__(self, mode="ok", handler=Handler, port=0, tls=None, unix=None):
        self.mode = mode
        self.requests = []
        self.cut_short = False
        self.stopped = threading.Event()
        self.echo = False
        if unix:
            self._httpd = UnixServer(str(unix), handler)
        else:
            self._httpd = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._httpd.daemon_threads = True
        self._httpd.recorder = self
        self._httpd.handle_error = lambda *_: None
        if tls:
            self._httpd.socket = tls.wrap_socket(
                self._httpd.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self._httpd.server_port
        self.host = f"127.0.0.1:{self.port}"
        self.origin = f"http{'s' if tls else ''}://{self.host}"

    def record(self, request):
        request["time"] = time.time()
        self.requests.append(request)
        if self.echo:
            print(json.dumps(request), flush=True)

    def __enter__(self):
        threading.Thread(target=self._httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self._httpd.shutdown()
        self._httpd.server_close()


def main():
    modes = sorted(name[5:].replace("_", "-") for name in dir(Handler) if name.startswith("mode_"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", choices=modes, default="ok")
    parser.add_argument("--port", type=int, default=0)
    told = parser.parse_args()
    with Recorder(told.mode, port=told.port) as recorder:
        recorder.echo = True
        print(recorder.origin, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
