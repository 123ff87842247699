"""A site whose refresh tokens are worth one use each, and whose answers wait until the test lets them go."""

import contextlib
import json
import threading
import urllib.parse

from recorder import Handler, Recorder
from ways import carried

TOKEN = "/oauth/token"
LOGIN = "/api/token/"


class EndpointHandler(Handler):
    def mode_ok(self):
        path = self.path.partition("?")[0]
        if self.command == "POST" and path in (TOKEN, LOGIN, LOGIN + "refresh/"):
            self.server.recorder.renew(self)
        elif path == LOGIN + "blacklist/":
            self.server.recorder.wait()
            self.answer(200, "{}", "application/json")
        else:
            super().mode_ok()


class Endpoint(Recorder):
    """OAuth 2's token endpoint and simplejwt's, for opaque tokens; everything else answers ok."""

    def __init__(self, leaks):
        super().__init__(handler=EndpointHandler)
        self._leaks = leaks
        # (access, refresh), in the order they were given out.
        self.given = []
        # Refresh tokens that are refused.
        self.spent = set()
        self._held = None
        # Called before each answer; where it returns (status, fields), that is a renewal's answer.
        self.before_answer = lambda: None
        self.tell = self.origin + TOKEN

    def new_pair(self):
        pair = self._leaks.new("access"), self._leaks.new("refresh")
        self.given.append(pair)
        return pair

    @property
    def renewals(self):
        return [request for request in self.requests if request["target"] in (TOKEN, LOGIN + "refresh/")]

    @contextlib.contextmanager
    def holding(self):
        """Renewals and logouts that come meanwhile are answered only when it ends, or when the event that it gives is set."""
        before, held = self._held, threading.Event()
        self._held = held
        try:
            yield held
        finally:
            self._held = before
            held.set()

    def wait(self):
        if held := self._held:
            held.wait()

    def renew(self, handler):
        request, held = self.requests[-1], self._held
        other = self.before_answer()
        if request["target"] == LOGIN:
            access, refresh = self.new_pair()
            return handler.answer(200, json.dumps({"access": access, "refresh": refresh}), "application/json")
        if other is not None:
            return handler.answer(other[0], "", headers=other[1])
        if request["target"] == TOKEN:
            token = urllib.parse.parse_qs(request["body"])["refresh_token"][0]
        else:
            token = json.loads(request["body"])["refresh"]
        fresh = token not in self.spent
        self.spent.add(token)
        pair = self.new_pair() if fresh else None
        if held:
            held.wait()
        if not fresh:
            return handler.answer(400, json.dumps({"error": "invalid_grant"}), "application/json")
        access, refresh = pair
        body = {"access_token": access, "access": access, "refresh_token": refresh, "refresh": refresh}
        handler.answer(200, json.dumps(body), "application/json")

    def add(self, person, name, *options):
        """A session with the first pair, as `lanyard add` takes it."""
        access, refresh = self.new_pair()
        person.lanyard(
            *("add", name, "--for", self.origin, "--bearer", "--refresh-token", "--token-endpoint", self.tell),
            *("--client-id", "tests", *options),
            input=f"{access}\n{refresh}\n",
        )

    def log_in(self, person, name):
        person.lanyard(
            *("login", self.origin + LOGIN, "--recipe", "simplejwt", "--user", "alice", "--password-stdin"),
            *("--name", name),
            input=self._leaks.new("password") + "\n",
        )

    def used(self, number):
        """The calls that brought the access token that was given out as this one."""
        return carried(self.requests, self.given[number][0])
