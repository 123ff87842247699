"""`lanyard curl-config`: what the real curl makes of the file."""

import pytest
from processes import eventually
from ways import add, carried, login, sessions

pytestmark = pytest.mark.vault


def fetch(person, url, *options, status=0, env=None):
    config = person.lanyard("curl-config", url, env=env).out
    return person.run("curl", "-sS", "-K", "-", *options, input=config, status=status)


@pytest.mark.parametrize("kind, field", [("bearer", "authorization"), ("token", "authorization"), ("header", "x-api-key")])
def test_every_character_of_a_secret_arrives(person, recorder, leaks, kind, field):
    secret = leaks.new("secret") + '\\n"quoted" \\"\\\\ \t\'#=;'
    leaks.register(secret)
    add(person, "s", recorder.origin, secret, kind)
    assert fetch(person, recorder.origin + "/p?q=[a-c]{d,e}").out == "ok\n"
    [request] = recorder.requests
    assert request["headers"][field].endswith(secret)
    assert request["target"] == "/p?q=[a-c]{d,e}"


def test_basic(person, recorder, leaks):
    password = leaks.new("password")
    person.lanyard("add", "s", "--for", recorder.origin, "--basic", "alice", input=password)
    fetch(person, recorder.origin)
    assert recorder.requests[0]["headers"]["authorization"].startswith("Basic ")


def test_a_redirect_does_not_take_a_bearer_token_along(person, recorder, hop, leaks):
    secret = leaks.new("bearer")
    add(person, "s", hop.origin, secret)
    fetch(person, f"{hop.origin}/?to={recorder.origin}/", "-L")
    assert len(carried(hop.requests, secret)) == 1
    assert len(recorder.requests) == 1 and carried(recorder.requests, secret) == []


@pytest.mark.parametrize("kind", ["token", "header", "cookie"])
def test_any_other_credential_follows_no_redirect(person, recorder, hop, leaks, kind):
    secret = leaks.new("secret")
    add(person, "s", hop.origin, secret, kind)
    # CURLE_TOO_MANY_REDIRECTS
    fetch(person, f"{hop.origin}/?to={recorder.origin}/", "-L", status=47)
    assert len(carried(hop.requests, secret)) == 1 and recorder.requests == []


def test_a_proxy_does_not_read_what_goes_over_plain_http(person, recorder, leaks):
    secret = leaks.new("bearer")
    add(person, "s", recorder.origin, secret)
    config = person.lanyard("curl-config", recorder.origin).out
    proxy = {"http_proxy": "http://127.0.0.1:1", "all_proxy": "http://127.0.0.1:1"}
    assert person.run("curl", "-sS", "-K", "-", input=config, env=proxy).out == "ok\n"


def test_a_token_that_has_expired_is_renewed_first(person, new_site):
    site = new_site(access_lifetime=1)
    login(person, site, "simplejwt", "s")
    eventually(lambda: sessions(person)["s"]["state"] == "expired", "the token has ended")
    assert fetch(person, site.me).out == '{"user":"alice","way":"jwt"}'


def test_a_line_break_in_the_url_is_no_option(person, recorder, leaks):
    add(person, "s", recorder.origin, leaks.new("bearer"))
    for url in (recorder.origin + "/\nurl = http://127.0.0.1:1", recorder.origin + '/"\r\noutput = "x'):
        assert person.lanyard("curl-config", url, status=64).out == ""
