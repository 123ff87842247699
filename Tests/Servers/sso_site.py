"""A site that has no passwords of its own: it logs in by an OAuth server (Authlib), and keeps a Flask session.

In a test: `with SSOSite() as site: site.provider = …`; the server has to know its client `shop` and `site.callback`.
"""

import re
import secrets

from authlib.integrations.flask_client import OAuth
from flask import Flask, abort, jsonify, redirect, request, session, url_for
from werkzeug.serving import WSGIRequestHandler, make_server
from serving import Serving


class Quiet(WSGIRequestHandler):
    def log_request(self, *_):
        pass


class SSOSite(Serving):
    """On a free port of 127.0.0.1."""

    def __init__(self):
        # The OAuth server's origin as the person's client reaches it, and as this site does.
        self.provider = self.provider_inside = None
        self.lifetime = None
        self.requests = []
        # Those who are logged in.
        self.alive = set()
        self._issued = []
        self._httpd = make_server("127.0.0.1", 0, self._app(), threaded=True, request_handler=Quiet)
        self.origin = f"http://127.0.0.1:{self._httpd.server_port}"
        self.host = self.origin.partition("://")[2]
        self.callback = self.origin + "/callback"

    def issued(self):
        return list(self._issued)

    def end_all(self):
        """Everybody is logged out here, as after a restart."""
        self.alive.clear()

    def paths(self):
        return [request["path"] for request in self.requests]

    def _note(self):
        self.requests.append(
            {
                "method": request.method,
                "path": request.path,
                "query": request.query_string.decode(),
                "headers": {name.lower(): value for name, value in request.headers.items()},
                "body": request.get_data().decode(),
            }
        )

    def _note_cookies(self, response):
        for line in response.headers.getlist("Set-Cookie"):
            if (value := re.match(r"shop=([^;]{12,})", line)) is not None:
                self._issued.append(value[1])
        return response

    def _client(self):
        oauth = OAuth(self._flask)
        return oauth.register(
            "sso",
            client_id="shop",
            authorize_url=f"{self.provider}/authorize/",
            access_token_url=f"{self.provider_inside}/token/",
            api_base_url=self.provider_inside,
            client_kwargs={"scope": "read", "code_challenge_method": "S256", "token_endpoint_auth_method": "none"},
        )

    def _app(self):
        self._flask = app = Flask("sso_site")
        app.secret_key = secrets.token_bytes(32)
        app.config["SESSION_COOKIE_NAME"] = "shop"
        app.before_request(self._note)
        app.after_request(self._note_cookies)

        @app.get("/login")
        def login():
            return self._client().authorize_redirect(self.callback)

        @app.get("/callback")
        def callback():
            client = self._client()
            token = client.authorize_access_token()
            session.clear()
            session["user"] = client.get("/oauth/me", token=token).json()["user"]
            session["id"] = secrets.token_urlsafe(24)
            self.alive.add(session["id"])
            if self.lifetime:
                session.permanent = True
                app.permanent_session_lifetime = self.lifetime
            return redirect("/")

        @app.get("/me")
        def me():
            if session.get("id") not in self.alive:
                return redirect(url_for("login", next="/me"))
            return jsonify(user=session["user"])

        @app.get("/not-for-you")
        def not_for_you():
            return redirect(url_for("login", next="/not-for-you"))

        @app.get("/away")
        def away():
            # A page that sends to the provider by itself.
            return jsonify(user=session["user"]) if session.get("id") in self.alive else login()

        @app.get("/api")
        def api():
            return jsonify(user=session["user"]) if session.get("id") in self.alive else abort(401)

        @app.post("/logout")
        def logout():
            self.alive.discard(session.get("id"))
            session.clear()
            return redirect("/")

        @app.get("/")
        def front():
            return "a shop"

        return app
