"""`lanyard cookies` and `lanyard jwt` where a person types, and on large and odd jars."""

import json

import pytest
from processes import eventually
from terminal import at_terminal
from ways import carried, curl, sessions

pytestmark = pytest.mark.vault


def jar(person, recorder, *cookies):
    """A session with these cookies: (name, value, expiry)."""
    lines = "".join(f"127.0.0.1\tFALSE\t/\tFALSE\t{end}\t{name}\t{value}\n" for name, value, end in cookies)
    person.lanyard("add", "s", "--for", recorder.origin, "--cookie-jar", input=lines)


def listed(person, *options):
    return json.loads(person.lanyard("cookies", "list", "s", "--json", *options).out)


def test_a_value_is_asked_without_echo(person, recorder, leaks):
    jar(person, recorder)
    secret = leaks.new("cookie")
    status, shown = at_terminal(person, "lanyard", "cookies", "set", "s", "sid", answers=[("sid (not shown):", secret)])
    assert status == 0 and secret not in shown
    curl(person, recorder.origin)
    assert recorder.requests[-1]["headers"]["cookie"] == f"sid={secret}"


def test_a_token_is_asked_without_echo(person, site, leaks):
    token = site.jwts()["access"]
    status, shown = at_terminal(person, "lanyard", "jwt", "decode", answers=[("token (not shown):", token)])
    assert status == 0 and "not checked" in shown and token not in shown


def test_a_jar_of_many_messages(person, recorder):
    jar(person, recorder, *[(f"c{number}", "v" * 450, 0) for number in range(1500)])
    cookies = listed(person, "--reveal")
    assert [cookie["name"] for cookie in cookies] == [f"c{number}" for number in range(1500)]
    assert {len(cookie["value"]) for cookie in cookies} == {450}
    assert "deleted 1,500 cookies" in person.lanyard("cookies", "clear", "s").out
    assert listed(person) == []


def test_only_expired_ones_are_cleared(person, recorder):
    jar(person, recorder, ("stays", "1", 0))
    person.lanyard("cookies", "set", "s", "goes", "--expires", "1", input="2")
    eventually(lambda: [cookie["expired"] for cookie in listed(person)] == [False, True], "one has expired")
    assert "expired in" not in person.lanyard("cookies", "list", "s").out
    assert person.lanyard("cookies", "clear", "s", "--expired").out == 'deleted 1 expired cookie of "s"\n'
    assert [cookie["name"] for cookie in listed(person)] == ["stays"]


@pytest.mark.keyring
def test_a_change_outlasts_the_daemon_and_is_sent(any_person, recorder, leaks):
    jar(any_person, recorder, ("a", "1", 0), ("b", "2", 0))
    secret = leaks.new("cookie")
    any_person.lanyard("cookies", "set", "s", "a", input=secret)
    any_person.lanyard("cookies", "delete", "s", "b")
    curl(any_person, recorder.origin)
    assert recorder.requests[-1]["headers"]["cookie"] == f"a={secret}"


def test_what_a_server_called_its_cookie_moves_no_cursor(person, recorder):
    jar(person, recorder, ("\u202eevil", "\u2066v", 0))
    out = person.lanyard("cookies", "list", "s", "--reveal").out
    assert "\\u{202e}evil" in out and "\u202e" not in out and "\u2066" not in out


def test_a_cookie_for_one_of_several_places(person, recorder, leaks):
    jar(person, recorder)
    person.lanyard("set", "s", "for+=https://api.example.com", "for+=https://*.example.org/v1")
    secret = leaks.new("cookie")
    person.lanyard("cookies", "set", "s", "one", "--for", "https://www.example.org", input=secret)
    assert [(cookie["domain"], cookie["secure"]) for cookie in listed(person)] == [("www.example.org", True)]
    person.lanyard("cookies", "set", "s", "all", input=secret)
    domains = {cookie["domain"] for cookie in listed(person) if cookie["name"] == "all"}
    assert domains == {"127.0.0.1", "api.example.com", "example.org"}
    curl(person, recorder.origin)
    assert carried(recorder.requests, "one=") == []


@pytest.mark.parametrize("kind", [["--bearer"], ["--token", "Token"]], ids=["bearer", "token"])
def test_a_token_that_has_ended_is_not_added(person, leaks, kind):
    command = ("add", "t", "--for", "https://api.example", *kind, "--expires")
    for end in ("2020-01-01T00:00:00Z", "0"):
        said = person.lanyard(*command, end, input=leaks.new("bearer"), status=64).err
        assert said.startswith("lanyard: --expires is in the past\n")
    assert sessions(person) == {}


@pytest.mark.parametrize("kind", [["--basic", "alice"], ["--header", "X-Key"], ["--cookie-jar"]], ids=" ".join)
def test_an_end_that_nothing_heeds_is_not_taken(person, leaks, kind):
    command = ("add", "t", "--for", "https://api.example", *kind, "--expires", "3600")
    said = person.lanyard(*command, input=leaks.new("bearer"), status=64).err
    assert "--expires goes with --bearer, --token and --cookie alone" in said


def test_a_cookie_that_has_ended_is_not_added(person, leaks):
    command = ("add", "c", "--for", "https://api.example", "--cookie", "sid", "--expires", "2020-01-01T00:00:00Z")
    assert "--expires is in the past" in person.lanyard(*command, input=leaks.new("cookie"), status=64).err
    assert sessions(person) == {}
    person.lanyard("add", "c", "--for", "https://api.example", "--cookie", "sid", input=leaks.new("cookie"))
    late = ("cookies", "set", "c", "sid", "--expires", "2020-01-01T00:00:00Z")
    assert "--expires is in the past" in person.lanyard(*late, input=leaks.new("cookie"), status=64).err
    assert sessions(person)["c"]["state"] == "active"


def test_a_cookie_that_has_ended_needs_a_login_in_each_place(person, leaks):
    """State, reason and time are in what scripts read, too."""
    person.lanyard("add", "c", "--for", "https://api.example", "--cookie", "sid", "--expires", "1", input=leaks.new("cookie"))
    eventually(lambda: sessions(person)["c"]["state"] == "needs-login", "the cookie ends")
    shown = json.loads(person.lanyard("show", "c", "--json").out)
    assert shown["needs_login"] == {"since": shown["cookies"][0]["expires"], "cause": "it has expired"}
    page = person.lanyard("show", "c").out
    assert "(it has expired)" in page and "(in 0 s)" not in page


def test_a_cookie_that_is_not_there_is_none_that_is(person, recorder, leaks):
    """Who says which of several means one that is there: another is neither changed nor made."""
    jar(person, recorder, ("sid", "first", 0))
    before = listed(person)
    for which in (["--domain", "evil.com"], ["--path", "/nope"], ["--path", "/nope", "--for", recorder.origin]):
        said = person.lanyard("cookies", "set", "s", "sid", *which, input=leaks.new("cookie"), status=3)
        assert "no such cookie" in said.err
    assert listed(person) == before


def test_a_jar_without_a_cookie_for_the_url_attaches_nothing(person, recorder):
    """`explain` says what a request would get, and `why` what one got."""
    person.lanyard("add", "s", "--for", recorder.origin, "--cookie-jar", input="")
    wanted = f'"s" is for {recorder.origin}, but has no cookie for this address'
    for _ in range(2):
        said = person.lanyard("explain", recorder.origin + "/a", status=3).out
        assert said == f"nothing is attached: {wanted}\nmend: lanyard cookies list s\n"
        assert json.loads(person.lanyard("explain", recorder.origin + "/a", "--json", status=3).out)["reason"] == "no-cookie"
        person.lanyard("curl", "-sS", recorder.origin + "/a")
        assert f"nothing: {wanted}" in person.lanyard("why", "1").out
        # In the second round there is one, for another path.
        person.lanyard("remove", "s")
        line = "127.0.0.1\tFALSE\t/b\tFALSE\t0\tsid\t1\n"
        person.lanyard("add", "s", "--for", recorder.origin, "--cookie-jar", input=line)
    assert "is attached" in person.lanyard("explain", recorder.origin + "/b").out


def ended(person, recorder, name, leaks):
    """A session whose cookie is gone."""
    person.lanyard("add", name, "--for", recorder.origin, "--cookie", "sid", input=leaks.new("cookie"))
    person.lanyard("cookies", "clear", name)


def test_of_equally_good_sessions_the_one_that_has_ended_is_named(person, recorder, leaks):
    """The other is not taken unasked: it may be another account."""
    ended(person, recorder, "gone", leaks)
    secret = leaks.new("cookie")
    person.lanyard("add", "live", "--for", recorder.origin, "--cookie", "sid", input=secret)
    cause = f'"gone" and "live" are equally good for {recorder.origin}, and "gone" needs a login'
    mend = "name one: lanyard run --session live -- COMMAND, or forget the other: lanyard remove gone"
    assert person.lanyard("explain", recorder.origin, status=5).out == f"nothing is attached: {cause}\nmend: {mend}\n"
    done = person.lanyard("curl", "-sS", recorder.origin)
    assert done.err == f"lanyard: sent without a session: {cause}\nlanyard: mend: {mend}\n"
    assert f"nothing: {cause}" in person.lanyard("why", "1").out
    person.lanyard("set", "gone", "default=true")
    cause = '"gone" needs a login: its cookie was deleted by hand'
    mend = "add it anew after: lanyard remove gone; or use the other: lanyard run --session live -- COMMAND"
    assert person.lanyard("explain", recorder.origin, status=3).out == f"nothing is attached: {cause}\nmend: {mend}\n"
    done = person.lanyard("curl", "-sS", recorder.origin)
    assert done.err == f"lanyard: {cause}\nlanyard: sent without it; {mend}\n"
    assert carried(recorder.requests, secret) == []
    # Who has named one does not want another.
    assert "the other" not in person.lanyard("explain", recorder.origin, env={"LANYARD_SESSION": "gone"}, status=3).out
