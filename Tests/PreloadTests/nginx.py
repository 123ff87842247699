"""nginx with TLS and HTTP/2, which writes down what it got."""

import socket
import subprocess
import time

CONFIGURATION = """
daemon off; pid {folder}/pid; worker_processes 1;
events {{ }}
http {{
  log_format got '$server_protocol $request_uri $http_authorization $http_cookie';
  access_log {folder}/got got;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl http2;
    ssl_certificate {certificate}; ssl_certificate_key {key};
    location / {{ return 200 ok; }}
    location /go {{ return 302 $arg_to; }}
  }}
}}
"""


class Nginx:
    def __init__(self, folder, certificate, key):
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (folder / "nginx.conf").write_text(
            CONFIGURATION.format(folder=folder, port=self.port, certificate=certificate, key=key))
        self._process = subprocess.Popen(
            ["nginx", "-p", folder, "-e", folder / "error", "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)
        self._wait()

    def _wait(self):
        end = time.monotonic() + 20
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port)).close()
            except OSError:
                assert self._process.poll() is None and time.monotonic() < end, (self.folder / "error").read_text()
                time.sleep(0.02)

    def url(self, path="/"):
        return f"https://127.0.0.1:{self.port}{path}"

    def got(self):
        """A line a request since the last time: version, path, Authorization and Cookie. nginx writes it after it answers."""
        file, end = self.folder / "got", time.monotonic() + 20
        while not file.read_text() and time.monotonic() < end:
            time.sleep(0.01)
        text = file.read_text()
        file.write_text("")
        return text.splitlines()

    def close(self):
        self._process.terminate()
        self._process.wait(20)
