"""Servers that register nobody: clients that the person knows of (clients.toml)."""

import pytest
from oauth_login import OAuthLogin, log_in
from oidc_provider import Provider
from test_oauth_refusals import visit
from ways import curl, sessions

NAME = "127.0.0.1"

pytestmark = pytest.mark.vault


@pytest.fixture
def provider(leaks):
    with Provider() as provider:
        leaks.register_from(lambda: provider.issued)
        metadata = provider.metadata
        provider.metadata = lambda body: {k: v for k, v in metadata(body).items() if k != "registration_endpoint"}
        yield provider


def know(person, **client):
    """Writes the table; names have underscores."""
    lines = [f"{name.replace('_', '-')} = {value!r}" for name, value in client.items()]
    file = person.private / "config/lanyard/clients.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(["[[client]]", *lines, ""]))
    file.chmod(0o600)
    return file


def test_without_it(person, provider):
    refused = person.lanyard("login", provider.api, "--flow", "browser", status=4)
    assert "does not register clients by itself" in refused.err and "--client-id ID" in refused.err


def test_server_with_metadata(person, provider):
    """The host is not asked how it logs in; the server says the rest."""
    know(person, hosts=["127.0.0.1"], issuer=provider.origin, client_id="known", scopes=["openid", "orders.write"])
    result, _ = log_in(person, visit, provider.api)
    assert f"your clients.toml says: log in at {provider.origin}" in result.out
    assert "logged in as alice@example.org" in result.out
    asked = provider.got("/authorize")[0]["fields"]
    assert (asked["client_id"], asked["scope"]) == ("known", "openid orders.write")
    assert provider.got("/api") == []
    assert curl(person, provider.api) == '{"ok": true}'
    person.lanyard("refresh", NAME)
    log_in(person, visit, NAME)
    assert provider.got("/authorize")[1]["fields"]["client_id"] == "known"
    told = person.lanyard("logout", NAME).out
    assert "revoke" in told and "client" not in told


def test_server_that_the_site_names(person, provider):
    """A host that is not in the table, of a server that is."""
    know(person, hosts=["elsewhere.example"], issuer=provider.origin, client_id="known")
    result, _ = log_in(person, visit, provider.api)
    assert "(RFC 9728)" in result.out
    assert provider.got("/authorize")[0]["fields"]["client_id"] == "known"


def test_own_client_wins(person, provider):
    know(person, hosts=["127.0.0.1"], issuer=provider.origin, client_id="known")
    log_in(person, visit, provider.api, "--client-id", "mine", "--scope", "read")
    asked = provider.got("/authorize")[0]["fields"]
    assert (asked["client_id"], asked["scope"]) == ("mine", "read")


def test_server_without_metadata(person, provider):
    """Its addresses are in the table; also for the next login, and the device flow."""
    ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "device_authorization_endpoint": "device"}
    places = {name: f"{provider.origin}/{place}" for name, place in ends.items()}
    know(person, hosts=["127.0.0.1"], issuer=provider.origin, client_id="known", scopes=["read"], **places)
    log_in(person, visit, provider.api)
    assert curl(person, provider.api) == '{"ok": true}'
    log_in(person, visit, NAME)
    assert provider.got("/.well-known/oauth-authorization-server") == []
    told = person.lanyard("logout", NAME).out
    assert "has no way to revoke tokens" in told
    login = OAuthLogin(person, provider.api).wait()
    assert login.code == "WDJB-MJHT"
    provider.before_tokens = lambda request: (400, {"error": "access_denied"})
    login.finish(4)


def test_mistakes(person, provider):
    """Whoever may write the table says where tokens come from: mistakes and other people's files are refused."""
    file = know(person, hosts=["127.0.0.1"], issuer="http://id.example", client_id="known")
    refused = person.lanyard("list", status=None)
    assert refused.status != 0 and f"{file}:3: the value of issuer makes no sense here" in refused.err
    file = know(person, hosts=["127.0.0.1"], issuer=provider.origin, client_id="known")
    file.chmod(0o666)
    refused = person.lanyard("list", status=None)
    assert refused.status != 0 and "others" in refused.err
    file.chmod(0o600)
    assert sessions(person) == {}
    # At a reload all stays as it was.
    know(person, hosts=["127.0.0.1"], issuer=provider.origin)
    assert "client-id is missing" in person.lanyard("daemon", "reload", status=64).err
    log_in(person, visit, provider.api)
    assert provider.got("/authorize")[0]["fields"]["client_id"] == "known"
