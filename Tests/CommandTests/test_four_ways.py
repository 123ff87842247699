"""From login to logout, in each way, with the daemon left alone and with SIGKILL before every command."""

import json
import urllib.error
import urllib.request
from datetime import datetime

import pytest
from git_over_http import COMMIT, GitServer
from ways import ADDED, LOGINS, add, carried, curl, login, sessions


def answer(site, headers, path="/api/me", body=None):
    """The site's status for a request without Lanyard."""
    request = urllib.request.Request(site.origin + path, body, headers)
    try:
        return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).status
    except urllib.error.HTTPError as refusal:
        return refusal.code


@pytest.mark.parametrize("recipe", LOGINS)
def test_login_to_logout(any_person, site, recipe):
    _, way, kind = LOGINS[recipe]
    knows_alice = {"user": "alice", "way": way}
    before = len(site.issued())
    said = login(any_person, site, recipe, "s").out
    assert '"s"' in said and site.origin in said and "alice" in said

    assert json.loads(curl(any_person, site.me)) == knows_alice
    assert json.loads(curl(any_person, "-X", "POST", site.me)) == knows_alice
    through_sh = any_person.lanyard("run", "--session", "s", "--", "sh", "-c", f"curl -sS {site.me}")
    assert json.loads(through_sh.out) == knows_alice
    sent = site.requests("/api/me")[-1]["headers"]

    listed = sessions(any_person)["s"]
    assert (listed["kind"], listed["for"], listed["recipe"]) == (kind, [site.origin], recipe)
    assert (listed["state"], listed["account"]) == ("active", "alice")
    if kind != "token":
        assert datetime.fromisoformat(listed["expires"]).timestamp() > datetime.now().timestamp()
    shown = any_person.lanyard("show", "s").out
    assert site.origin in shown and "alice" in shown
    explained = json.loads(any_person.lanyard("explain", "--json", site.me).out)
    assert explained["session"] == "s"

    any_person.lanyard("logout", "s")
    assert sessions(any_person) == {}
    any_person.lanyard("explain", site.me, status=3)
    assert curl(any_person, "-o", "/dev/null", "-w", "%{http_code}", site.me) == "401"
    # What the session held is worth nothing any more, to whoever might have seen it. Only a JWT's access token lives on
    # until it expires, as simplejwt has it; its refresh token does not.
    issued = site.issued()[before:]
    if recipe == "simplejwt":
        refresh = json.dumps({"refresh": issued[-1] if len(issued) == 1 else issued[1]}).encode()
        assert answer(site, {"Content-Type": "application/json"}, "/api/token/refresh/", refresh) == 401
    else:
        old = {name: sent[name] for name in ("authorization", "cookie") if name in sent}
        assert old and answer(site, old) == 401


@pytest.mark.parametrize("recipe", ["drf-token", "simplejwt"])
def test_token(any_person, site, recipe):
    login(any_person, site, recipe, "s")
    token = any_person.lanyard("token", "s").out.rstrip("\n")
    header = any_person.lanyard("token", "s", "--header").out.rstrip("\n")
    assert header.endswith(" " + token)
    name, value = header.split(": ")
    assert answer(site, {name: value}) == 200
    assert any_person.lanyard("token", site.me).out.rstrip("\n") == token


def test_results_for_scripts(any_person, site):
    """What login, add and refresh come to, as `list --json` says it."""
    said = login(any_person, site, "simplejwt", "s", options=["--json"]).out
    assert json.loads(said) | {"expires": None} == sessions(any_person)["s"] | {"expires": None}
    renewed = json.loads(any_person.lanyard("refresh", "s", "--json").out)
    assert renewed["name"] == "s" and renewed["state"] == "active"
    kept = any_person.lanyard("add", "k", "--for", site.origin, "--bearer", "--json", input="not-a-token\n")
    assert json.loads(kept.out) == sessions(any_person)["k"]


def test_a_cookie_session_has_no_token(any_person, site):
    login(any_person, site, "django", "s")
    any_person.lanyard("token", "s", status=64)


def test_django_on_its_login_page_without_a_recipe(person, site):
    person.lanyard(
        *("login", f"{site.origin}/accounts/login/", "--user", "alice", "--password-stdin", "--name", "s"),
        input=site.password + "\n",
    )
    assert sessions(person)["s"]["recipe"] == "django"


@pytest.mark.parametrize("recipe", ["drf-token", "simplejwt"])
def test_endpoints_without_a_recipe(person, site, recipe):
    person.lanyard(
        *("login", site.origin + LOGINS[recipe][0], "--user", "alice", "--password-stdin", "--name", "s"),
        input=site.password + "\n",
    )
    assert sessions(person)["s"]["recipe"] == recipe


@pytest.mark.parametrize("recipe", LOGINS)
def test_login_again_by_name(any_person, site, recipe):
    login(any_person, site, recipe, "s")
    any_person.lanyard("login", "s", "--password-stdin", input=site.password + "\n")
    assert list(sessions(any_person)) == ["s"]
    assert json.loads(curl(any_person, site.me))["way"] == LOGINS[recipe][1]


@pytest.mark.parametrize("kind", ADDED)
def test_what_a_person_already_has(any_person, site, kind):
    secret, way = {
        "bearer": lambda: (site.jwts()["access"], "jwt"),
        "token": lambda: (site.drf_token(), "token"),
        "header": lambda: (site.api_key, "api-key"),
        "cookie": lambda: (site.session_id(), "session"),
    }[kind]()
    said = add(any_person, "mine", site.origin, secret, kind)
    assert '"mine"' in said.out and secret not in said.out + said.err
    assert json.loads(curl(any_person, site.me)) == {"user": "alice", "way": way}
    assert sessions(any_person)["mine"]["recipe"] is None
    shown = any_person.lanyard("show", "mine")
    assert secret not in shown.out + shown.err
    assert secret in any_person.lanyard("show", "mine", "--reveal").out
    any_person.lanyard("remove", "mine")
    assert sessions(any_person) == {}


def test_basic(any_person, recorder, leaks):
    password = leaks.new("basic")
    any_person.lanyard("add", "b", "--for", recorder.origin, "--basic", "alice", input=password + "\n")
    assert curl(any_person, recorder.origin) == "ok\n"
    assert recorder.requests[-1]["headers"]["authorization"].startswith("Basic ")


def test_an_empty_cookie_jar_is_a_jar(any_person, recorder):
    any_person.lanyard("add", "empty", "--for", recorder.origin, "--cookie-jar", input="# Netscape HTTP Cookie File\n")
    assert curl(any_person, recorder.origin) == "ok\n"
    assert "cookie" not in recorder.requests[-1]["headers"]


def test_git(any_person, leaks):
    token = leaks.new("git-token")
    with GitServer(token) as server:
        add(any_person, "git", server.origin, token)
        listed = any_person.lanyard("run", "--", "git", "ls-remote", server.repository)
        assert listed.out == f"{COMMIT}\tHEAD\n{COMMIT}\trefs/heads/main\n"
        assert carried(server.requests, token)
    # Without Lanyard the same command is refused: the token came from nowhere else.
    any_person.run("git", "ls-remote", server.repository, status=128)


def test_cookies_that_the_site_sets_are_kept(any_person, site):
    """Django changes the CSRF cookie at login; what a call brings back is sent with the next one."""
    login(any_person, site, "django", "s")
    curl(any_person, f"{site.origin}/accounts/login/")
    assert json.loads(curl(any_person, "-X", "POST", site.me)) == {"user": "alice", "way": "session"}
