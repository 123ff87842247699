"""Canaille, an OpenID provider whose pages are plain HTML, in threads of this process on a free port of 127.0.0.1.

It knows alice, registers whoever asks (RFC 7591), and writes down what it receives.
"""

import io
import urllib.parse

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from serving import Serving


def _key():
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


class CanailleServer(Serving):
    user = "alice"

    def __init__(self, folder, password):
        # Heavy, and not for every test.
        from canaille import create_app
        from werkzeug.serving import WSGIRequestHandler, make_server

        class Quiet(WSGIRequestHandler):
            def log(self, *_):
                pass

        folder.mkdir()
        self.password = password
        self.requests = []
        self._httpd = make_server("127.0.0.1", 0, self._record, threaded=True, request_handler=Quiet)
        self.host = f"127.0.0.1:{self._httpd.server_port}"
        self.origin = f"http://{self.host}"
        self._app = create_app(
            {
                "SECRET_KEY": "of this run",
                "SERVER_NAME": self.host,
                "PREFERRED_URL_SCHEME": "http",
                "CANAILLE_OIDC": {
                    "DYNAMIC_CLIENT_REGISTRATION_OPEN": True, "ACTIVE_JWKS": [_key()], "TRUSTED_DOMAINS": [],
                },
                "CANAILLE_SQL": {"DATABASE_URI": f"sqlite:///{folder}/database"},
                "CANAILLE": {"LOGGING": {"version": 1, "disable_existing_loggers": False}},
            },
            init_backend=True,
        )
        self._make_user()

    def _make_user(self):
        from canaille.app import models
        from canaille.backends import Backend

        with self._app.app_context(), Backend.instance.session():
            user = models.User(
                user_name=self.user, family_name="A", formatted_name="Alice", emails=["alice@example.org"],
                password=self.password,
            )
            Backend.instance.save(user)

    def _record(self, environ, start):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        request = {
            "method": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"],
            "fields": dict(urllib.parse.parse_qsl(body.decode() or environ["QUERY_STRING"], True)),
            "authorization": environ.get("HTTP_AUTHORIZATION", ""),
        }

        def answered(status, headers, *rest):
            request["status"] = int(status.split()[0])
            return start(status, headers, *rest)

        self.requests.append(request)
        return self._app(environ, answered)

    def got(self, path, start=0):
        return [request for request in self.requests[start:] if request["path"] == path]
