"""An HTTP server on a free port of 127.0.0.1 that records each request."""

import http.server
import os
import socket
import socketserver
import threading


class Request:
    def __init__(self, method, path, headers, body=b""):
        self.method = method
        self.body = body
        self.path = path
        self.fields = [(name.lower(), value) for name, value in headers.items()]

    def all(self, name):
        return [value for field, value in self.fields if field == name]

    def one(self, name):
        values = self.all(name)
        assert len(values) <= 1, f"{name} came {len(values)} times: {values}"
        return values[0] if values else None


class RecordingServer:
    """`answers` maps a path to (status, list of header fields, body), or to what makes that of the request; any other path
    gets 200 and "ok"."""

    def __init__(self, answers=None, tls=None, unix=None):
        self.requests = []
        self.answers = dict(answers or {})
        self.on_request = lambda request: None
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = unix is None

            def respond(self):
                request = Request(self.command, self.path, self.headers)
                request.body = self.read_body(request)
                recorder.requests.append(request)
                recorder.on_request(request)
                answer = recorder.answers.get(self.path.split("?")[0], (200, [], b"ok"))
                status, fields, body = answer(request) if callable(answer) else answer
                self.send_response(status)
                for name, value in fields:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def read_body(self, request):
                if request.one("transfer-encoding") is None:
                    return self.rfile.read(int(request.one("content-length") or 0))
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = respond

            def do_CONNECT(self):
                recorder.requests.append(Request(self.command, self.path, self.headers))
                host, port = self.path.rsplit(":", 1)
                with socket.create_connection((host.strip("[]"), int(port))) as there:
                    self.send_response(200)
                    self.end_headers()
                    back = threading.Thread(target=pump, args=(there, self.connection), daemon=True)
                    back.start()
                    pump(self.connection, there)
                    back.join(5)
                self.close_connection = True

            def address_string(self):
                return "client"

            def log_message(self, *arguments):
                pass

        if unix:
            class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
                daemon_threads = True

            self._server = Server(str(unix), Handler)
            self.port = None
        else:
            self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            self._server.request_queue_size = 128
            self._server.socket.listen(128)
            self.port = self._server.server_address[1]
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.scheme = "https" if tls else "http"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path="/", host="127.0.0.1"):
        return f"{self.scheme}://{host}:{self.port}{path}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()


def pump(source, to):
    try:
        while chunk := source.recv(65536):
            to.sendall(chunk)
        to.shutdown(socket.SHUT_WR)
    except OSError:
        pass
