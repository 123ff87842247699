"""What OAuth sessions have beside their tokens: an account, scopes that can grow, an authority of the person's own."""

import json
import ssl
import threading

import pytest
from oauth_login import OAuthLogin, log_in
from oidc_provider import Provider
from processes import eventually
from sites import Certificates
from test_oauth_refusals import visit
from ways import curl, sessions

NAME = "127.0.0.1"

pytestmark = pytest.mark.vault


@pytest.fixture
def provider(leaks):
    with Provider() as provider:
        leaks.register_from(lambda: provider.issued)
        yield provider


def by_hint(asked):
    """A provider at which the person logs in as whom the client names."""
    account = asked.get("login_hint", "alice@example.org")
    return "sub-of-" + account, account


def accounts(person):
    return {name: session["account"] for name, session in sessions(person).items()}


def test_several_accounts(person, provider):
    """Another account is another session; the same account is the same one."""
    provider.who = by_hint
    log_in(person, visit, provider.api)
    result, _ = log_in(person, visit, provider.api, "--account", "bob@example.org")
    assert f'logged in as bob@example.org · session "{NAME}-2"' in result.out
    both = {NAME: "alice@example.org", f"{NAME}-2": "bob@example.org"}
    assert accounts(person) == both
    assert [request["fields"].get("login_hint") for request in provider.got("/authorize")] == [None, "bob@example.org"]
    # One client serves them.
    assert len(provider.clients) == 1
    for again in ("bob@example.org", "alice@example.org"):
        log_in(person, visit, provider.api, "--account", again)
        assert accounts(person) == both
    # A session's own account is what the server is told when it is logged in to again.
    log_in(person, visit, f"{NAME}-2")
    assert provider.got("/authorize")[-1]["fields"]["login_hint"] == "bob@example.org"
    assert accounts(person) == both
    assert "account    bob@example.org" in person.lanyard("show", f"{NAME}-2").out
    # The client stays until the last of them goes.
    person.lanyard("logout", NAME)
    assert len(provider.clients) == 1
    person.lanyard("logout", f"{NAME}-2")
    assert provider.clients == {}


def test_another_account_than_was_asked_for(person, provider):
    result, page = log_in(person, visit, provider.api, "--account", "bob@example.org", status=8)
    assert "that is alice@example.org, and not bob@example.org" in result.err and "did not work" in page
    assert sessions(person) == {}
    eventually(lambda: provider.clients == {}, "the client is deleted")


def test_a_session_stays_with_its_account(person, provider):
    provider.who = by_hint
    log_in(person, visit, provider.api)
    before = person.lanyard("token", NAME).out
    provider.who = lambda asked: ("another", "mallory@example.org")
    result, _ = log_in(person, visit, NAME, status=8)
    assert f'that is another account than "{NAME}" is for' in result.err
    assert person.lanyard("token", NAME).out == before


def test_an_account_that_the_server_does_not_tell(person, provider):
    """Without OpenID Connect the person's own words name the session."""
    for account, name in (("alice", NAME), ("bob", f"{NAME}-2"), ("alice", NAME)):
        result, _ = log_in(person, visit, provider.api, "--scope", "read", "--account", account)
        assert f'logged in as {account} · session "{name}"' in result.out
    assert accounts(person) == {NAME: "alice", f"{NAME}-2": "bob"}


def test_accounts_that_nobody_knows(person, provider):
    """They need not be the same: neither takes the other's place."""
    log_in(person, visit, provider.api, "--scope", "read")
    first = person.lanyard("token", NAME).out
    result, _ = log_in(person, visit, provider.api, "--scope", "read")
    assert f'session "{NAME}-2"' in result.out
    assert person.lanyard("token", NAME).out == first
    # Where the person names the session it is that one.
    log_in(person, visit, NAME)
    assert list(accounts(person)) == [NAME, f"{NAME}-2"]
    assert person.lanyard("token", NAME).out != first


def test_step_up(person, provider):
    """A token that may do too little: what asks for more is said, and what there was stays."""
    log_in(person, visit, provider.api)
    orders = provider.origin + "/orders"
    refused = person.lanyard("curl", "-sS", orders)
    command = f"lanyard login {NAME} --scope 'orders.write'"
    assert f'lanyard: the server wants the scope orders.write of "{NAME}"; to ask for that too: {command}\n' in refused.err
    assert sessions(person)[NAME]["state"] == "active"
    client = list(provider.clients)
    log_in(person, visit, NAME, "--scope", "orders.write")
    asked = provider.got("/authorize")[-1]["fields"]
    assert asked["scope"].split() == ["openid", "read", "orders.write"]
    # The same client, which may ask for that now: what the person agreed to is remembered by its id.
    assert list(provider.clients) == client == [asked["client_id"]]
    assert provider.clients[client[0]]["scope"] == asked["scope"]
    allowed = person.lanyard("curl", "-sS", orders)
    assert (allowed.out, allowed.err) == ('{"ok": true}', "")
    # And so does a renewal, and the client's new token deletes it.
    person.lanyard("refresh", NAME)
    assert curl(person, orders) == '{"ok": true}'
    assert "deleted the client" in person.lanyard("logout", NAME).out
    assert provider.clients == {}


def test_step_up_that_is_refused(person, provider):
    """The client was changed before the person said no: its new secret and token are those of the session there is."""
    provider.gives_secrets = True
    provider.who = by_hint
    for account in ("alice@example.org", "bob@example.org"):
        log_in(person, visit, provider.api, "--account", account)
    provider.back = lambda answer: {"error": "access_denied", "state": answer["state"], "iss": answer["iss"]}
    refused, _ = log_in(person, visit, NAME, "--scope", "orders.write", status=4)
    assert "access was denied there" in refused.err
    assert [request["method"] for request in provider.requests if "/register" in request["path"]] == ["POST", "PUT"]
    for name in (NAME, f"{NAME}-2"):
        person.lanyard("refresh", name)
    person.lanyard("logout", NAME)
    assert "deleted the client" in person.lanyard("logout", f"{NAME}-2").out
    assert provider.clients == {}


def test_step_up_during_a_login(person, provider):
    """A login that began before it does not take the client's new token away."""
    provider.who = by_hint
    log_in(person, visit, provider.api)
    login = OAuthLogin(person, provider.api, "--flow", "browser", "--account", "bob@example.org").wait()
    log_in(person, visit, NAME, "--scope", "orders.write")
    visit(login.url)
    login.finish()
    person.lanyard("logout", NAME)
    assert "deleted the client" in person.lanyard("logout", f"{NAME}-2").out
    assert provider.clients == {}


def test_step_up_during_a_renewal(person, provider):
    """What the renewal brings does not take the client's new token away."""
    log_in(person, visit, provider.api)
    asked, go = threading.Event(), threading.Event()

    def held(request):
        if request["fields"]["grant_type"] == "refresh_token":
            asked.set()
            go.wait(30)

    provider.before_tokens = held
    refresh = person.start("lanyard", "refresh", NAME)
    assert asked.wait(30)
    provider.back = lambda answer: {"error": "access_denied", "state": answer["state"], "iss": answer["iss"]}
    log_in(person, visit, NAME, "--scope", "orders.write", status=4)
    go.set()
    assert person.finish(refresh).status == 0
    assert curl(person, provider.api) == '{"ok": true}'
    assert "deleted the client" in person.lanyard("logout", NAME).out
    assert provider.clients == {}


@pytest.mark.parametrize("again", ["session", "address"])
def test_client_that_the_server_has_forgotten(person, provider, again):
    """A renewal says that a login is needed, and the login registers another client, once."""
    provider.gives_secrets = True
    log_in(person, visit, provider.api)
    provider.clients.clear()
    refused = person.lanyard("refresh", NAME, status=4)
    assert f"lanyard login {NAME}" in refused.err
    assert sessions(person)[NAME]["state"] == "needs-login"
    login = OAuthLogin(person, NAME if again == "session" else provider.api, "--flow", "browser").wait()
    assert "did not work" in visit(login.url)
    assert "You are logged in" in visit(login.wait().url)
    assert "the server no longer knows the client that was registered there" in login.finish().out
    assert list(sessions(person)) == [NAME] and sessions(person)[NAME]["state"] == "active"
    assert len(provider.clients) == 1
    person.lanyard("refresh", NAME)
    assert "deleted the client" in person.lanyard("logout", NAME).out
    assert provider.clients == {}


def test_new_client_that_is_refused_too(person, provider):
    """Nobody is asked a third time."""
    log_in(person, visit, provider.api)
    provider.before_tokens = lambda request: (401, {"error": "invalid_client"})
    login = OAuthLogin(person, NAME, "--flow", "browser").wait()
    visit(login.url)
    visit(login.wait().url)
    assert "it does not know this client" in login.finish(4).err
    assert len(provider.got("/authorize")) == 3
    # The one that was registered for it is gone, and the session's own is still there.
    assert len(provider.got("/register")) == 2 and len(provider.clients) == 1


def test_own_client_that_is_refused(person, provider):
    """The person's own is not replaced by another."""
    provider.before_tokens = lambda request: (401, {"error": "invalid_client"})
    log_in(person, visit, provider.api, "--client-id", "mine", status=4)
    assert provider.got("/register") == []


def test_logout_with_a_token_that_the_server_does_not_take(person, provider):
    """The client may be there still: it is not said to be deleted."""
    log_in(person, visit, provider.api)
    for client in provider.clients.values():
        client["token"] = "another"
    told = person.lanyard("logout", NAME).out
    assert "could not be deleted (the server did not take its token; it may be gone already)" in told
    assert "deleted the client" not in told


def test_logout_while_a_login_waits(person, provider):
    """The client stays for the login, which deletes it if it comes to nothing."""
    provider.gives_secrets = True
    provider.who = by_hint
    log_in(person, visit, provider.api)
    login = OAuthLogin(person, provider.api, "--flow", "browser", "--account", "bob@example.org").wait()
    assert "deleted the client" not in person.lanyard("logout", NAME).out
    assert "You are logged in" in visit(login.url)
    login.finish()
    assert len(provider.got("/register")) == 1
    login = OAuthLogin(person, provider.api, "--flow", "browser").wait()
    person.lanyard("logout", NAME)
    assert len(provider.clients) == 1
    provider.back = lambda answer: {"error": "access_denied", "state": answer["state"], "iss": answer["iss"]}
    visit(login.url)
    login.finish(4)
    eventually(lambda: provider.clients == {}, "the client is deleted")


def test_another_client_in_the_place_of_one(person, provider):
    """What the session had from the one before is revoked, and that client deleted: nobody could do so later."""
    log_in(person, visit, provider.api)
    access = person.lanyard("token", NAME).out.strip()
    (refresh,) = provider.refresh_tokens
    log_in(person, visit, NAME, "--client-id", "mine")
    assert provider.clients == {}
    assert [request["fields"]["token"] for request in provider.got("/revoke")] == [refresh, access]
    assert curl(person, provider.api) == '{"ok": true}'
    person.lanyard("refresh", NAME)


def test_step_up_is_not_said_where_nobody_asked(person, provider):
    """Plain programs in a shell with `lanyard env`, and --quiet."""
    log_in(person, visit, provider.api)
    assert person.lanyard("run", "--quiet", "--", "curl", "-sS", provider.origin + "/orders").err == ""


@pytest.mark.parametrize("scope", ["a'; touch /tmp/x; '", "x" * 600, "\x1b[2J"])
def test_scopes_that_cannot_stand_in_a_command(person, provider, scope):
    """What a server says is not put into what a person copies."""
    log_in(person, visit, provider.api)
    provider.at_orders = lambda request: (
        403, {}, [("WWW-Authenticate", f'Bearer error="insufficient_scope", scope="{scope}"')],
    )
    refused = person.lanyard("curl", "-sS", provider.origin + "/orders")
    assert "touch" not in refused.err and "xxx" not in refused.err and "\x1b" not in refused.err


@pytest.fixture
def private_provider(certificates, leaks):
    """One whose authority nobody knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server)
    with Provider(tls=context) as provider:
        leaks.register_from(lambda: provider.issued)
        yield provider


def trusting_visit(certificates):
    return lambda url: visit(url, ssl.create_default_context(cafile=certificates.ca))


def test_authority_of_ones_own(person, private_provider, certificates):
    """Kept with the session: renewals and logout need no file."""
    provider = private_provider
    refused = person.lanyard("login", provider.api, "--no-interactive", status=9)
    assert "TLS failed" in refused.err and "lanyard login --ca FILE" in refused.err
    file = person.keep("ca.pem", "what stands around it\n" + certificates.ca.read_text())
    log_in(person, trusting_visit(certificates), provider.api, "--ca", file)
    file.unlink()
    ours = ("--cacert", certificates.ca, provider.api)
    assert curl(person, *ours) == '{"ok": true}'
    person.stop_daemon()
    for _ in range(2):
        before = person.lanyard("token", NAME).out
        person.lanyard("refresh", NAME)
        assert person.lanyard("token", NAME).out != before
        assert curl(person, *ours) == '{"ok": true}'
    assert json.loads(person.lanyard("show", NAME, "--json").out)["authorities"] == 1
    assert "one certificate of your own, and no others (--ca)" in person.lanyard("show", NAME).out
    # Also for the same login once more.
    log_in(person, trusting_visit(certificates), NAME)
    assert "to revoke the refresh token and the access token" in person.lanyard("logout", NAME).out
    assert provider.clients == {}


def test_authority_is_for_its_session_alone(person, private_provider, certificates):
    log_in(person, trusting_visit(certificates), private_provider.api, "--ca", certificates.ca)
    refused = person.lanyard("login", private_provider.api, "--name", "other", "--no-interactive", status=9)
    assert "TLS failed" in refused.err


def test_client_is_for_its_authority_alone(person, private_provider, certificates, run_folder):
    """Whoever another authority vouches for may be somebody else: the client and its secret are not shown there."""
    provider = private_provider
    provider.gives_secrets = True
    log_in(person, trusting_visit(certificates), provider.api, "--ca", certificates.ca)
    other = Certificates(run_folder / "second-authority")
    both = person.keep("both.pem", certificates.ca.read_text() + other.ca.read_text())
    log_in(person, trusting_visit(certificates), provider.api, "--ca", both)
    first, second = provider.got("/token")
    assert first["fields"]["client_id"] != second["fields"]["client_id"]
    assert first["fields"]["client_secret"] != second["fields"]["client_secret"]
    assert list(sessions(person)) == [NAME, f"{NAME}-2"]
    # Nor are they changed from there.
    log_in(person, trusting_visit(certificates), f"{NAME}-2", "--scope", "orders.write")
    for name in (NAME, f"{NAME}-2"):
        person.lanyard("refresh", name)
        assert "deleted the client" in person.lanyard("logout", name).out
    assert provider.clients == {}


def test_another_authority(person, tls_site, leaks, run_folder):
    """A certificate that somebody else's authority has signed is not taken; the system's authorities are not either."""
    other = Certificates(run_folder / "other-authority")
    refused = person.lanyard(
        *("login", tls_site.origin + "/accounts/login/", "--ca", other.ca, "--user", "alice", "--password-stdin"),
        input=leaks.new("password"), status=9,
    )
    assert "TLS failed" in refused.err and sessions(person) == {}


def test_authority_of_a_password_login(person, tls_site, certificates):
    """Any recipe has it."""
    person.lanyard(
        *("login", tls_site.origin + "/api/token/", "--ca", certificates.ca, "--user", tls_site.user),
        *("--password-stdin", "--name", "s"), input=tls_site.password + "\n",
    )
    before = person.lanyard("token", "s").out
    person.lanyard("refresh", "s")
    assert person.lanyard("token", "s").out != before
    assert json.loads(curl(person, "--cacert", certificates.ca, tls_site.me))["way"] == "jwt"
    person.lanyard("logout", "s")


@pytest.mark.parametrize("content", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n", "x" * 70_000])
def test_a_file_without_certificates(person, provider, content):
    file = person.keep("ca.pem", content)
    refused = person.lanyard("login", provider.api, "--ca", file, status=64)
    assert "there is no certificate in that file" in refused.err
    refused = person.lanyard("login", provider.api, "--ca", person.inputs / "none", status=64)
    assert "cannot read" in refused.err


def test_what_is_asked_and_answered(person, provider):
    """--verbose: each step of finding out, on stderr, and no query of it."""
    result, _ = log_in(person, visit, provider.api + "?key=of-the-person", "--verbose")
    place = provider.origin + "/.well-known"
    lines = [line for line in result.err.splitlines() if line.startswith("lanyard: GET ")]
    assert lines == [
        f"lanyard: GET {provider.api}: 401 (Bearer resource_metadata)",
        f"lanyard: GET {place}/oauth-protected-resource: 200",
        f"lanyard: GET {place}/oauth-authorization-server: 200",
    ]
    assert "of-the-person" not in result.err
    # And where nothing is found, what was tried.
    with Provider() as other:
        other.at_api = other.at_oauth_authorization_server = other.at_oauth_protected_resource = lambda _: (404, None)
        failed = person.lanyard("login", other.api, "-v", "--no-interactive", status=None)
    assert failed.status != 0 and f"GET {other.origin}/.well-known/oauth-authorization-server/api: 404" in failed.err


def test_a_401_ends_a_session_that_nothing_renews(person, provider):
    """It is still sent, as the page may have meant itself; an answer to it that is none ends the doubt."""
    provider.tokens = lambda answer: {name: value for name, value in answer.items() if name != "refresh_token"}
    log_in(person, visit, provider.api)
    issued = list(provider.issued)
    provider.issued.clear()
    curl(person, provider.api)
    eventually(lambda: sessions(person)[NAME]["state"] == "needs-login", "the refusal is believed")
    provider.issued.extend(issued)
    curl(person, provider.api)
    eventually(lambda: sessions(person)[NAME]["state"] == "active", "it is taken again")
