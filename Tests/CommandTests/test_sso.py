"""Logins that pass through another host: a site that logs in by an OAuth server, and those who would have the password."""

import json
import sqlite3
import threading

import pytest
from processes import eventually
from recorder import FORM, Handler, Recorder
from sso_site import SSOSite
from terminal import at_terminal
from test_recipes import recipe
from test_renewal import wait_for_expiry
from ways import carried, curl, sessions

LOGIN = "/accounts/login/"


@pytest.fixture(scope="module")
def pair(new_site, leaks):
    """A shop, and the provider that it logs in by, at another port and by another name."""
    with SSOSite() as shop:
        provider = new_site(oauth="yes", client=shop.callback)
        shop.provider_inside = provider.origin
        shop.provider = provider.named = provider.origin.replace("127.0.0.1", "sso.localhost")
        leaks.register_from(shop.issued)
        yield shop, provider


@pytest.fixture
def shop(pair):
    pair[0].lifetime = None
    return pair[0]


@pytest.fixture
def provider(pair):
    pair[1].seen = len(pair[1].requests())
    return pair[1]


def log_in(person, shop, provider, *options, **more):
    return person.lanyard(
        *("login", shop.origin + "/login", "--via", provider.named, "--user", "alice", "--password-stdin"),
        *("--name", "shop", *options),
        **{"input": provider.password + "\n"} | more,
    )


def state(person):
    return sessions(person)["shop"]["state"]


def host(origin):
    return origin.partition("://")[2]


def passwords(provider):
    """The forms that the provider was sent since the test began."""
    return [r for r in provider.requests()[provider.seen :] if r["method"] == "POST" and r["path"] == LOGIN]


def forget_everybody(provider):
    """Nobody is logged in at the provider any more."""
    with sqlite3.connect(provider.folder / "site.sqlite3", timeout=30) as database:
        database.execute("DELETE FROM django_session")
    database.close()


def provider_secrets(provider):
    """What its requests have brought in cookies."""
    lines = [r["headers"].get("cookie", "") for r in provider.requests()]
    return {part.partition("=")[2] for line in lines for part in line.split("; ") if part}


def test_from_login_to_logout(any_person, shop, provider):
    said = log_in(any_person, shop, provider).out
    assert f"{shop.host} sends you to {host(provider.named)} to log in\n" in said and 'session "shop"' in said
    assert [r["headers"]["origin"] for r in passwords(provider)] == [provider.named]
    assert json.loads(curl(any_person, shop.origin + "/me")) == {"user": "alice"}
    assert f"form {shop.origin}/login through {provider.named}\n" in any_person.lanyard("show", "shop").out
    any_person.lanyard("refresh", "shop")
    told = any_person.lanyard("logout", "shop").out
    assert f"{host(provider.named)} was not told: the login there goes on" in told and 'forgot "shop"' in told


def test_the_providers_cookies_are_the_recipes(any_person, shop, provider):
    """Never attached, also where the session is for the provider too, and shown by no command."""
    log_in(any_person, shop, provider, "--for", provider.named)
    kept = provider_secrets(provider)
    assert len(kept) >= 2
    before = len(provider.requests())
    curl(any_person, shop.origin + "/me", provider.named + "/me/", provider.named + "/")
    assert provider.requests()[before:]
    assert not [r for r in provider.requests()[before:] if "cookie" in r["headers"]]
    for command in (
        ("show", "shop", "--reveal"),
        ("show", "shop", "--reveal", "--json"),
        ("cookies", "list", "shop", "--json", "--reveal"),
        ("export", "--netscape", "shop"),
        ("curl-config", shop.origin + "/me"),
        ("why",),
    ):
        said = any_person.lanyard(*command).out
        assert not [secret for secret in kept if secret in said], command
    assert not [secret for secret in kept if carried(shop.requests, secret)]
    assert not carried(shop.requests, provider.password)
    # What a script is given there is the session's, as anywhere in its protection space.
    any_person.lanyard("refresh", "shop")
    assert json.loads(curl(any_person, shop.origin + "/me")) == {"user": "alice"}
    assert len(passwords(provider)) == 1


def test_it_renews_without_a_password(any_person, shop, provider):
    shop.lifetime = 2
    log_in(any_person, shop, provider)
    for _ in range(2):
        wait_for_expiry(any_person, "shop")
        assert json.loads(curl(any_person, shop.origin + "/me")) == {"user": "alice"}
    assert len(passwords(provider)) == 1


def test_twenty_calls_after_expiry_make_one_login(person, shop, provider):
    shop.lifetime = 4
    log_in(person, shop, provider)
    wait_for_expiry(person, "shop")
    before = shop.paths().count("/callback")
    calls = [person.start("lanyard", "curl", "-sS", shop.origin + "/api") for _ in range(20)]
    assert {person.finish(call).out for call in calls} == {'{"user":"alice"}\n'}
    assert shop.paths().count("/callback") == before + 1


@pytest.mark.parametrize("page", ["/me", "/api", "/away"], ids=["to its login", "401", "to the provider"])
def test_after_the_site_has_ended_it_the_next_request_is_right(person, shop, provider, page):
    log_in(person, shop, provider)
    shop.end_all()
    curl(person, shop.origin + page)
    assert json.loads(curl(person, shop.origin + page)) == {"user": "alice"}
    assert state(person) == "active" and len(passwords(provider)) == 1


def test_where_the_provider_asks_again_it_needs_a_login(any_person, shop, provider):
    log_in(any_person, shop, provider)
    forget_everybody(provider)
    refused = any_person.lanyard("refresh", "shop", status=4)
    assert "where it logs in, a person is asked again" in refused.err and "lanyard login shop" in refused.err
    assert state(any_person) == "needs-login" and len(passwords(provider)) == 1
    assert "needs a login" in any_person.lanyard("curl", "-sS", shop.origin + "/me").err
    missing = any_person.lanyard("login", "shop", "--no-interactive", status=64)
    assert "the login needs a password" in missing.err and state(any_person) == "needs-login"
    any_person.lanyard("login", "shop", "--password-stdin", input=provider.password + "\n")
    assert json.loads(curl(any_person, shop.origin + "/me")) == {"user": "alice"}
    assert len(passwords(provider)) == 2


def test_one_page_that_sends_to_the_login_ends_nothing(person, shop, provider):
    """The provider has forgotten the person, the site has not."""
    log_in(person, shop, provider)
    forget_everybody(provider)
    curl(person, shop.origin + "/not-for-you")
    assert state(person) == "needs-login"
    assert json.loads(curl(person, shop.origin + "/me")) == {"user": "alice"}
    eventually(lambda: state(person) == "active", "the site takes it")


def test_the_next_login_asks_for_a_password_only_where_it_must(any_person, shop, provider):
    log_in(any_person, shop, provider)
    shop.end_all()
    said = any_person.lanyard("login", "shop", "--no-interactive").out
    assert f"{shop.host} needs no password: you are still logged in there" in said
    assert json.loads(curl(any_person, shop.origin + "/me")) == {"user": "alice"}
    # The provider knows alice; as somebody else one is asked.
    any_person.lanyard("login", "shop", "--user", "bob", "--no-interactive", status=64)
    assert len(passwords(provider)) == 1 and sessions(any_person)["shop"]["account"] == "alice"


@pytest.mark.vault
def test_the_question_names_who_gets_the_password(person, shop, provider):
    status, shown = at_terminal(
        *(person, "lanyard", "login", shop.origin + "/login", "--via", provider.named, "--user", "alice"),
        answers=[(f"password for {host(provider.named)}:", provider.password)],
    )
    assert status == 0 and "logged in as alice" in shown


@pytest.mark.vault
def test_a_wrong_password_is_the_providers(person, shop, provider):
    refused = log_in(person, shop, provider, input="wrong\n", status=4)
    assert f"{host(provider.named)} does not take this password for alice" in refused.err
    assert sessions(person) == {}


@pytest.mark.vault
@pytest.mark.parametrize("options", [(), ("--recipe", "form"), ("--recipe", "form", "--via", "https://id.example.org")])
def test_who_is_not_named_is_not_asked(person, shop, provider, options):
    before = len(provider.requests())
    refused = person.lanyard(
        *("login", shop.origin + "/login", *options, "--user", "alice", "--password-stdin"),
        input=provider.password + "\n",
        status=None,
    )
    assert refused.status in (8, 9)
    via = " ".join([*options[2:], "--via", provider.named])
    assert f"lanyard login {shop.origin}/login {via}" in refused.err
    assert len(provider.requests()) == before
    # As it says.
    log_in(person, shop, provider)


@pytest.mark.vault
def test_an_ephemeral_run_passes_through_too(person, shop, provider):
    told = person.lanyard(
        *("run", "--ephemeral", "--login", shop.origin + "/login", "--via", provider.named, "--user", "alice"),
        *("--password-stdin", "--", "curl", "-sS", shop.origin + "/me"),
        input=provider.password + "\n",
    )
    assert json.loads(told.out) == {"user": "alice"}


@pytest.mark.vault
def test_no_ticket_is_told(person, shop, provider):
    said = log_in(person, shop, provider, "-v")
    assert "/authorize/" in said.err and "code=" not in said.err and "state=" not in said.err
    assert not [r for r in shop.requests if "referer" in r["headers"]]
    referers = [r["headers"]["referer"] for r in provider.requests() if "referer" in r["headers"]]
    assert referers and all(url.startswith(provider.named + LOGIN) for url in referers)


def test_a_recipe_names_its_hosts(person, shop, provider):
    text = f"""
    kind = "form"
    hosts = "{shop.host}"
    login-url = "/login"
    login-hosts = ["{provider.named}"]
    [cookies]
    session = "shop"
    [[logout]]
    url = "/logout"
    """
    recipe(person, "shop", text)
    person.lanyard(
        *("login", shop.origin, "--user", "alice", "--password-stdin", "--name", "shop"), input=provider.password + "\n"
    )
    person.lanyard("refresh", "shop")
    assert json.loads(curl(person, shop.origin + "/me")) == {"user": "alice"}
    told = person.lanyard("logout", "shop").out
    assert f"told {shop.host} to end the session" in told and f"{host(provider.named)} was not told" in told
    assert shop.requests[-1]["path"] == "/logout" and len(passwords(provider)) == 1


@pytest.mark.vault
@pytest.mark.parametrize(
    "options, said",
    [
        (("--via", "http://sso.example.org"), "cannot pass through http://sso.example.org"),
        (("--via", "https://sso.example.org/path"), "cannot pass through"),
        (("--via", "https://sso.example.org", "--recipe", "simplejwt"), "fills in no form"),
        (("--via", "https://sso.example.org", "--flow", "device"), "--via is for logins by a form"),
    ],
)
def test_what_cannot_be_named(person, shop, options, said):
    assert said in person.lanyard("login", shop.origin + "/login", *options, status=64).err


# Those who would have the password, or more.


class ScriptHandler(Handler):
    def setup(self):
        super().setup()
        self.server.recorder.connections += 1

    def mode_ok(self):
        script = self.server.recorder
        place = f"{self.command} {self.path.partition('?')[0]}"
        answer = script.answers.get(place, (404, "", []))
        status, body, headers = answer() if callable(answer) else answer
        self.answer(status, body, "text/html", headers)


class Script(Recorder):
    """A server with an answer for each place: (status, body, header fields), or what is called for that."""

    def __init__(self, name="127.0.0.1", **answers):
        super().__init__(handler=ScriptHandler)
        self.origin = f"http://{name}:{self.port}"
        self.answers = {}
        self.connections = 0

    def bodies(self):
        return [request["body"] for request in self.requests]


def to(place, *cookies):
    return 302, "", [("Location", place), *(("Set-Cookie", cookie) for cookie in cookies)]


def courier(action):
    return 200, f"""<form method=post action="{action}"><input type=hidden name=ticket value=t1></form>
    <script>document.forms[0].submit()</script>""", []


@pytest.fixture
def three():
    """A site, the provider that is named, and one that is not."""
    with Script() as site, Script("sso.localhost") as named, Script("other.localhost") as other:
        site.answers = {"GET /login": to(named.origin + "/in"), "GET /back": to("/", "sid=alice; HttpOnly")}
        named.answers = {
            "GET /in": (200, FORM, [("Set-Cookie", "sso=known; HttpOnly")]),
            "POST /in": to(site.origin + "/back"),
        }
        other.answers = {"GET /": (200, FORM, []), "GET /in": (200, FORM, []), "POST /": to(site.origin + "/back")}
        yield site, named, other


def try_login(person, three, leaks, *options, status=None):
    site, named, _ = three
    person.password = leaks.new("password")
    return person.lanyard(
        *("login", site.origin + "/login", "--via", named.origin, "--user", "alice", "--password-stdin"),
        *("--name", "shop", *options),
        input=person.password + "\n",
        status=status,
    )


def form_to(action):
    return 200, FORM.replace('method="post"', f'method="post" action="{action}"'), []


HOSTILE = {
    "the site leads elsewhere": lambda site, named, other: site.answers.update({"GET /login": to(other.origin + "/")}),
    "the provider leads elsewhere": lambda site, named, other: named.answers.update({"GET /in": to(other.origin + "/")}),
    "its form leads elsewhere": lambda site, named, other: named.answers.update({"GET /in": form_to(other.origin + "/")}),
    "its form leads to the site": lambda site, named, other: named.answers.update(
        {"GET /in": form_to(site.origin + "/back")}
    ),
    "the site's form leads to the provider": lambda site, named, other: site.answers.update(
        {"GET /login": form_to(named.origin + "/in")}
    ),
    "a form of hidden fields leads elsewhere": lambda site, named, other: named.answers.update(
        {"GET /in": courier(other.origin + "/")}
    ),
    "without end": lambda site, named, other: named.answers.update({"GET /in": to(site.origin + "/login")}),
    "to another scheme": lambda site, named, other: named.answers.update(
        {"GET /in": to(named.origin.replace("http:", "https:") + "/in")}
    ),
    "to another port": lambda site, named, other: named.answers.update(
        {"GET /in": to(f"http://sso.localhost:{other.port}/in")}
    ),
}


@pytest.mark.vault
@pytest.mark.parametrize("hostile", HOSTILE)
def test_nobody_else_gets_the_password(person, three, leaks, hostile):
    HOSTILE[hostile](*three)
    refused = try_login(person, three, leaks)
    assert refused.status in (8, 9), refused
    assert not three[2].requests
    assert not [body for server in three for body in server.bodies() if person.password in body]
    assert all(len(server.requests) <= 20 for server in three)
    assert sessions(person) == {}


@pytest.mark.vault
def test_after_the_password_nothing_leads_elsewhere(person, three, leaks):
    site, named, other = three
    named.answers["POST /in"] = to(other.origin + "/")
    refused = try_login(person, three, leaks, status=8)
    assert f"--via {named.origin} --via {other.origin}" in refused.err
    named.answers["POST /in"] = (307, "", [("Location", site.origin + "/back")])
    try_login(person, three, leaks, status=9)
    assert not other.requests and not [body for body in site.bodies() if body]


@pytest.mark.vault
def test_a_site_that_asks_in_the_providers_place_gets_nothing(person, three, leaks):
    """It sends to the provider until the person was told who gets the password."""
    site, named, _ = three
    answers = iter([to(named.origin + "/in"), (200, FORM, []), (200, FORM, [])])
    site.answers["GET /login"] = lambda: next(answers)
    refused = try_login(person, three, leaks, status=8)
    assert f"{site.origin} asks for the password, and that is not whom you have named" in refused.err
    assert not [body for server in three for body in server.bodies() if person.password in body]


@pytest.mark.vault
def test_a_site_that_asks_itself_gets_no_password_from_stdin(person, three, leaks):
    """Nobody is there to say no, so that only who was named may ask."""
    site, named, _ = three
    site.answers["GET /login"] = (200, FORM, [])
    refused = try_login(person, three, leaks, status=8)
    assert f"{site.origin} asks for the password, and that is not whom you have named" in refused.err
    options = ("--login", site.origin + "/login", "--via", named.origin, "--user", "alice", "--password-stdin")
    person.lanyard("run", "--ephemeral", *options, "--", "true", input=person.password + "\n", status=125)
    assert not [body for server in three for body in server.bodies() if person.password in body]
    # As the one that is named it may.
    site.answers["POST /login"] = to("/", "sid=alice; HttpOnly")
    try_login(person, three, leaks, "--via", site.origin, status=0)


@pytest.mark.vault
@pytest.mark.parametrize("sorry", ["/back?error=access_denied", "/sorry"])
def test_who_is_not_let_in_has_no_session(person, three, leaks, sorry):
    """Whatever cookie the site sets for nobody."""
    site, named, _ = three
    site.answers["GET /login"] = to(named.origin + "/in", "sid=state; HttpOnly")
    site.answers |= {"GET /sorry": (200, "sorry", []), "GET /": (200, "hello", [])}
    named.answers["POST /in"] = to(site.origin + sorry)
    assert try_login(person, three, leaks).status in (4, 9)
    assert sessions(person) == {}
    named.answers["POST /in"] = to(site.origin + "/back")
    try_login(person, three, leaks, status=0)
    named.answers["GET /in"] = to(site.origin + sorry)
    person.lanyard("refresh", "shop", status=4 if "error" in sorry else 9)
    curl(person, site.origin + "/")
    assert not carried(site.requests[-1:], "state")


def test_a_provider_that_takes_what_it_gave_once(any_person, three, leaks):
    site, named, _ = three
    taken = []

    def rotate():
        shown = named.requests[-1]["headers"].get("cookie", "")
        if not shown or shown in taken:
            return 200, FORM, []
        taken.append(shown)
        return to(site.origin + "/back", f"sso=known-{len(taken)}; HttpOnly")

    named.answers["POST /in"] = to(site.origin + "/back", "sso=known; HttpOnly")
    named.answers["GET /in"] = rotate
    try_login(any_person, three, leaks, status=0)
    any_person.lanyard("refresh", "shop")
    back, site.answers["GET /back"] = site.answers["GET /back"], (500, "", [])
    any_person.lanyard("refresh", "shop", status=9)
    site.answers["GET /back"] = back
    any_person.lanyard("refresh", "shop")
    said = any_person.lanyard("login", "shop", "--no-interactive").out
    assert "needs no password" in said and len(taken) == 5


def test_a_host_that_a_recipe_no_longer_names_is_not_asked(person, three, leaks):
    site, named, _ = three
    text = 'kind = "form"\nlogin-hosts = ["{}"]\n'
    recipe(person, "shop", text.format(named.origin))
    person.password = leaks.new("password")
    options = ("--recipe", "shop", "--user", "alice", "--password-stdin", "--name", "shop")
    person.lanyard("login", site.origin + "/login", *options, input=person.password + "\n")
    recipe(person, "shop", text.format("https://id.example.org"))
    person.lanyard("daemon", "reload")
    asked = len(named.requests)
    person.lanyard("refresh", "shop", status=8)
    person.lanyard("login", "shop", "--password-stdin", input=person.password + "\n", status=8)
    assert len(named.requests) == asked


def test_a_provider_plants_no_cookies(person, three, leaks):
    site, named, _ = three
    planted = ["sid=planted; Domain=127.0.0.1", "sid=planted; Domain=localhost", "sid=planted; Domain=.127.0.0.1; Path=/"]
    named.answers["POST /in"] = to(site.origin + "/back", "sso=known; HttpOnly", *planted)
    try_login(person, three, leaks, status=0)
    curl(person, site.origin + "/")
    assert site.requests[-1]["headers"]["cookie"] == "sid=alice"
    assert not carried(site.requests, "planted") and not carried(site.requests, "known")
    kept = json.loads(person.lanyard("cookies", "list", "shop", "--json", "--reveal").out)
    assert [(cookie["name"], cookie["value"]) for cookie in kept] == [("sid", "alice")]


def test_a_page_that_sends_itself_on(any_person, three, leaks):
    """SAML's POST binding, OAuth's form_post: the ticket is in a form that a script sends."""
    site, named, _ = three
    named.answers["POST /in"] = courier(site.origin + "/acs")
    site.answers["GET /login"] = courier(named.origin + "/start")
    named.answers["POST /start"] = to("/in")
    site.answers["POST /acs"] = to("/", "sid=alice; HttpOnly")
    try_login(any_person, three, leaks, status=0)
    assert [r["body"] for r in site.requests if r["target"] == "/acs"] == ["ticket=t1"]
    curl(any_person, site.origin + "/")
    assert site.requests[-1]["headers"]["cookie"] == "sid=alice"


def test_a_renewal_that_comes_late_changes_nothing(person, three, leaks):
    """A new login came between; and a daemon that is killed meanwhile has lost nothing."""
    site, named, _ = three
    try_login(person, three, leaks, status=0)
    sids = iter(["login", "renewal"])
    site.answers["GET /back"] = lambda: to("/", f"sid={next(sids)}; HttpOnly")
    form, held = named.answers["GET /in"], threading.Event()

    def known():
        held.wait()
        return to(site.origin + "/back")

    named.answers["GET /in"] = known
    renewal = person.start("lanyard", "refresh", "shop")
    eventually(lambda: len(named.requests) == 4, "the renewal is under way")
    named.answers["GET /in"] = form
    person.lanyard("login", "shop", "--password-stdin", input=person.password + "\n")
    held.set()
    person.finish(renewal)
    curl(person, site.origin + "/")
    assert site.requests[-1]["headers"]["cookie"] == "sid=login"


def test_requests_wait_for_a_renewal_that_the_site_has_asked_for(person, three, leaks):
    site, named, _ = three
    try_login(person, three, leaks, status=0)
    held = threading.Event()
    site.answers |= {"GET /me": to("/login"), "GET /back": to("/", "sid=renewed; HttpOnly")}
    named.answers["GET /in"] = lambda: held.wait() and to(site.origin + "/back")
    curl(person, site.origin + "/me")
    eventually(lambda: len(named.requests) == 4, "the renewal is under way")
    before = site.connections
    late = person.start("lanyard", "curl", "-sS", site.origin + "/late")
    eventually(lambda: site.connections > before, "the next request is about to be sent")
    held.set()
    person.finish(late)
    assert [r["headers"]["cookie"] for r in site.requests if r["target"] == "/late"] == ["sid=renewed"]


def test_a_daemon_killed_during_a_renewal_loses_nothing(person, three, leaks):
    site, named, _ = three
    try_login(person, three, leaks, status=0)
    form, held = named.answers["GET /in"], threading.Event()
    named.answers["GET /in"] = lambda: held.wait() and to(site.origin + "/back")
    renewal = person.start("lanyard", "refresh", "shop")
    eventually(lambda: len(named.requests) == 4, "the renewal is under way")
    person.kill_daemon()
    held.set()
    person.finish(renewal)
    site.answers["GET /back"] = to("/", "sid=renewed; HttpOnly")
    assert state(person) == "active"
    person.lanyard("refresh", "shop")
    assert named.requests[-1]["headers"]["cookie"] == "sso=known"
    curl(person, site.origin + "/")
    assert site.requests[-1]["headers"]["cookie"] == "sid=renewed"
