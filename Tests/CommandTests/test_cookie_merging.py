"""Scripts that run at once, each with cookies of its own."""

import datetime
import json

import pytest
from processes import eventually
from recorder import Handler, Recorder
from ways import sessions

SCRIPTS, COOKIES = 32, 50


class Server(Handler):
    """Sets the one cookie that `?` names."""

    def mode_ok(self):
        _, _, name = self.path.partition("?")
        self.answer(200, "ok\n", headers=[("Set-Cookie", f"{name}=1; Path=/; Max-Age=5000")])


def names(person):
    return {cookie["name"] for cookie in json.loads(person.lanyard("cookies", "list", "s", "--json").out)}


def test_parallel_scripts_lose_nothing(person):
    """Not of each other's, and not to a daemon that is killed right after the last."""
    with Recorder(handler=Server) as server:
        person.lanyard("add", "s", "--for", server.origin, "--cookie-jar", input="")
        scripts = [
            person.start("lanyard", "curl", "-sS", f"{server.origin}/?c{script}-[1-{COOKIES}]") for script in range(SCRIPTS)
        ]
        assert [person.finish(script).status for script in scripts] == [0] * SCRIPTS
        person.kill_daemon()
        assert names(person) == {f"c{script}-{number}" for script in range(SCRIPTS) for number in range(1, COOKIES + 1)}


class Ending(Handler):
    """A login that lasts until its own logout deletes its cookie."""

    def mode_ok(self):
        end = "Max-Age=0" if self.path == "/logout" else "Max-Age=5000"
        self.answer(200, "ok\n", headers=[("Set-Cookie", f"sid=1; Path=/; {end}")])


@pytest.mark.vault
def test_a_cookie_that_the_server_deletes_ends_the_session(person):
    with Recorder(handler=Ending) as server:
        person.lanyard("add", "s", "--for", server.origin, "--cookie", "sid", input="1")
        person.lanyard("curl", "-sS", server.origin)
        assert sessions(person)["s"]["state"] == "active"
        begun = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        person.lanyard("curl", "-sS", server.origin + "/logout")
        assert sessions(person)["s"]["state"] == "needs-login"
        told = json.loads(person.lanyard("show", "s", "--json").out)["needs_login"]
        assert told["cause"] == "the server has ended it" and told["since"] >= begun
        person.kill_daemon()
        assert json.loads(person.lanyard("show", "s", "--json").out)["needs_login"] == told
        assert "since" in person.lanyard("list").out
        assert "(the server has ended it)" in person.lanyard("show", "s").out
        for command, status in ((("list",), 0), (("show", "s"), 0), (("explain", server.origin), 3)):
            assert "needs" in person.lanyard(*command, status=status).out
        assert "needs a login" in person.lanyard("curl", "-sS", server.origin).err
        assert "cookie" not in server.requests[-1]["headers"]
        # A script that logs in by itself.
        person.lanyard("cookies", "set", "s", "sid", input="2")
        assert sessions(person)["s"]["state"] == "active"
        person.lanyard("cookies", "delete", "s", "sid")
        page = person.lanyard("show", "s").out
        assert "needs login since" in page and "(its cookie was deleted by hand)" in page


@pytest.mark.vault
def test_when_a_cookie_ended_is_known_after_it_is_forgotten(person):
    """What has ended is forgotten with the next cookie that is set; since when is not."""
    with Recorder(handler=Server) as server:
        person.lanyard("add", "s", "--for", server.origin, "--cookie", "sid", "--expires", "1", input="1")
        end = json.loads(person.lanyard("cookies", "list", "s", "--json").out)[0]["expires"]
        eventually(lambda: sessions(person)["s"]["state"] == "needs-login", "the cookie ends")
        person.lanyard("cookies", "clear", "s", "--expired")
        assert names(person) == set()
        told = json.loads(person.lanyard("show", "s", "--json").out)["needs_login"]
        assert told == {"since": end, "cause": "it has expired"}
