"""Recipes in files, and sites of no known kind."""

import json

import pytest
from odd_site import OddSite
from processes import eventually
from ways import curl, sessions

API = """
kind = "json"
login-url = "/api/login"
[[login]]
json = { who = { mail = "{user}", secret = "{password}" } }
take = { token = "data.jwt", refresh = "data.renew", expires-in = "data.ttl" }
[[renew]]
url = "/api/renew"
json = { renew = "{refresh}" }
take = { token = "data.jwt", refresh = "data.renew", expires-in = "data.ttl" }
[[logout]]
method = "DELETE"
url = "/api/session"
headers = { Authorization = "{authorization}" }
"""

FORM = """
kind = "form"
login-url = "/sign-in"
check = "/api/who"
[[logout]]
url = "/sign-out"
[[logged-out]]
status = [302, 303]
to = "/sign-in"
[[logged-out]]
status = 403
body = "session is over"
"""


@pytest.fixture
def odd(person, leaks):
    with OddSite(leaks.new("password")) as site:
        leaks.register_from(site.issued)
        yield site


def recipe(person, name, text):
    folder = person.private / "config/lanyard/recipes"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(text)
    path.chmod(0o600)
    return path


def log_in(person, odd, place, *options, **more):
    return person.lanyard(
        *("login", odd.origin + place, "--user", odd.user, "--password-stdin", "--name", "odd", *options),
        **{"input": odd.password + "\n"} | more,
    )


def state(person):
    return sessions(person)["odd"]["state"]


def test_a_form_of_no_known_kind_needs_no_recipe(person, odd):
    said = log_in(person, odd, "/sign-in").out
    assert f"{odd.host} asks for a form login\n" in said and 'session "odd"' in said
    assert json.loads(curl(person, odd.origin + "/me")) == {"user": odd.user}
    assert not any("bait" in path for path in odd.paths())
    assert sessions(person)["odd"]["recipe"] == "form"


def test_a_wrong_password_for_a_form_of_no_known_kind(person, odd):
    refused = log_in(person, odd, "/sign-in", input="wrong\n", status=4)
    assert "does not take this password" in refused.err


@pytest.mark.vault
@pytest.mark.parametrize(
    "place, saw, mend",
    [
        ("/app", "a script sends it", "--recipe json"),
        ("/get-form", "would put the password into an address", "--recipe NAME"),
        ("/nothing", "does not say how to log in", "--recipe NAME"),
    ],
)
def test_what_cannot_be_told_is_said(person, odd, place, saw, mend):
    refused = log_in(person, odd, place, status=9)
    assert saw in refused.err and mend in refused.err
    assert all(odd.password not in body for _, _, _, body in odd.requests)


def test_a_json_recipe_from_login_to_logout(person, odd):
    recipe(person, "odd-api", API)
    log_in(person, odd, "/", "--recipe", "odd-api")
    assert json.loads(curl(person, odd.origin + "/api/me")) == {"user": odd.user}
    person.lanyard("refresh", "odd")
    assert odd.paths().count("POST /api/renew") == 1
    assert json.loads(curl(person, odd.origin + "/api/me")) == {"user": odd.user}
    person.lanyard("logout", "odd")
    assert odd.paths()[-1] == "DELETE /api/session"


def test_a_recipe_for_a_host_is_found_by_itself(person, odd):
    recipe(person, "odd-api", API.replace("[[login]]", f'hosts = "{odd.host}"\n[[login]]', 1))
    assert "(odd-api)" in log_in(person, odd, "/").out
    assert sessions(person)["odd"]["recipe"] == "odd-api"
    assert odd.paths() == ["POST /api/login"]


def test_a_recipe_that_is_gone_or_spoiled_is_said(person, odd):
    path = recipe(person, "odd-api", API)
    log_in(person, odd, "/", "--recipe", "odd-api")
    path.unlink()
    person.lanyard("daemon", "reload")
    gone = person.lanyard("refresh", "odd", status=1)
    assert 'was made with the recipe odd-api, which is not there any more' in gone.err and "daemon reload" in gone.err
    # What it has goes on as it is.
    assert json.loads(curl(person, odd.origin + "/api/me")) == {"user": odd.user}
    left = person.lanyard("logout", "odd", status=1).err
    assert "not there any more" in left and "put its file back" in left and "lanyard remove odd" in left
    assert "try again" not in left
    person.stop_daemon()
    path.write_text("kind = 'json'\n[[login]]\nurl = 7\n")
    spoiled = person.lanyard("refresh", "odd", status=1)
    assert f"{path}:3: the value of url makes no sense here; expected a path of the site" in spoiled.err
    path.write_text(API)
    path.chmod(0o600)
    person.lanyard("daemon", "reload")
    person.lanyard("refresh", "odd")


@pytest.mark.vault
def test_a_mistake_keeps_what_was_there(person, odd):
    path = recipe(person, "odd-api", API)
    log_in(person, odd, "/", "--recipe", "odd-api")
    path.write_text("kind = 'json'\nlogn = 1\n")
    refused = person.lanyard("daemon", "reload", status=64)
    assert f"{path}:2: there is no key logn here; expected title, kind," in refused.err
    person.lanyard("refresh", "odd")


@pytest.mark.vault
def test_recipe_list_and_check(person):
    path = recipe(person, "mine", "kind = 'form'\nhosts = 'git.example.org'\n")
    listed = json.loads(person.lanyard("recipe", "list", "--json").out)
    assert listed[-1] == {"name": "mine", "title": "a form login (mine)", "hosts": ["git.example.org"], "path": str(path)}
    assert listed[0]["name"] == "django" and listed[0]["path"] is None
    assert person.lanyard("recipe", "check", path).out == "ok: mine, a form login (mine)\n"
    other = person.keep("other.toml", "kind = 'form'\n\ncolour = 'red'\n")
    wrong = person.lanyard("recipe", "check", other, status=64)
    assert wrong.err.startswith(f"lanyard: {other}:3: there is no key colour here; expected title, kind, hosts,")
    assert person.lanyard("recipe", "check", "-", input="kind = ", status=64).err.startswith("lanyard: stdin:1: ")
    assert "larger than 32 KiB" in person.lanyard("recipe", "check", "-", input="#" * 300_000, status=64).err
    deep = "kind = 'form'\n[" + "a." * 15_000 + "a]\n"
    assert "there is no key a here" in person.lanyard("recipe", "check", "-", input=deep, status=64).err
    assert "there is a recipe django that comes with Lanyard" in person.lanyard(
        "recipe", "check", person.keep("django.toml", "kind = 'form'\n"), status=64
    ).err
    assert wrong.err.endswith("lanyard: man lanyard-recipes has all keys, and examples\n")


@pytest.mark.vault
def test_a_recipe_that_came_since_is_not_read_yet(person):
    person.lanyard("recipe", "list")
    path = recipe(person, "mine", "kind = 'form'\nhosts = 'git.example.org'\n")
    listed = person.lanyard("recipe", "list")
    assert "mine" not in listed.out
    assert listed.err == f"lanyard: {path} is not read yet; to use it: lanyard daemon reload\n"
    person.lanyard("daemon", "reload")
    listed = person.lanyard("recipe", "list")
    assert str(path) in listed.out and listed.err == ""


@pytest.mark.vault
def test_two_recipes_for_one_host(person):
    recipe(person, "a", "kind = 'form'\nhosts = 'git.example.org'\n")
    recipe(person, "b", "kind = 'form'\nhosts = ['other.example.org', 'GIT.example.org']\n")
    told = person.lanyard("recipe", "list").err
    assert told == "lanyard: git.example.org is a host of a and b: a is taken; for another: --recipe NAME\n"


@pytest.mark.vault
def test_a_site_that_refuses_the_login_does_not_complain_of_the_password(person, recorder):
    recorder.mode = "forbidden"
    refused = person.lanyard(
        *("login", f"{recorder.origin}/auth/", "--recipe", "drf-token", "--user", "a", "--password-stdin"),
        input="x\n",
        status=4,
    )
    assert f"{recorder.host} refused the login (403)" in refused.err and "this password" not in refused.err


@pytest.mark.vault
def test_a_recipe_that_others_can_write_is_refused(person):
    path = recipe(person, "mine", "kind = 'form'\n")
    person.lanyard("recipe", "list")
    path.chmod(0o666)
    refused = person.lanyard("daemon", "reload", status=64)
    assert f"{path} can be written by others" in refused.err


# Which answers say that a session has ended.


def test_a_redirect_to_the_login_page_ends_the_session(person, odd):
    log_in(person, odd, "/sign-in")
    odd.end_all()
    assert state(person) == "active"
    curl(person, odd.origin + "/me")
    assert state(person) == "needs-login"
    late = person.lanyard("curl", "-sS", odd.origin + "/me")
    assert '"odd" seems to need a login' in late.err and "lanyard login odd" in late.err
    person.lanyard("login", "odd", "--password-stdin", input=odd.password + "\n")
    assert json.loads(curl(person, odd.origin + "/me")) == {"user": odd.user}


@pytest.mark.vault
def test_a_page_that_this_person_may_not_see_does_not_end_the_session(person, odd, recorder):
    """A 401, or a redirect to the login, of one page alone: the session is sent all the same, and is well again."""
    log_in(person, odd, "/sign-in")
    curl(person, odd.origin + "/not-for-you")
    assert state(person) == "needs-login"
    assert json.loads(curl(person, odd.origin + "/me")) == {"user": odd.user}
    eventually(lambda: state(person) == "active", "the server takes it")
    assert person.lanyard("curl", "-sS", odd.origin + "/me").err == ""


@pytest.mark.vault
def test_a_redirect_that_is_followed_ends_the_session_too(person, odd):
    log_in(person, odd, "/sign-in")
    odd.end_all()
    curl(person, "-L", odd.origin + "/me")
    assert state(person) == "needs-login"


@pytest.mark.vault
def test_djangos_redirect_ends_the_session(person, site):
    person.lanyard(
        *("login", site.origin + "/accounts/login/", "--user", site.user, "--password-stdin", "--name", "odd"),
        input=site.password + "\n",
    )
    # Somebody else logs this very session out.
    curl(person, "-X", "POST", site.origin + "/accounts/logout/")
    curl(person, site.origin + "/me/")
    assert state(person) == "needs-login"


def test_a_403_is_looked_at_before_it_ends_a_session(person, odd):
    recipe(person, "odd-form", FORM)
    log_in(person, odd, "/", "--recipe", "odd-form")
    curl(person, odd.origin + "/api/forbidden")
    eventually(lambda: "GET /api/who" in odd.paths(), "the daemon looks")
    assert state(person) == "active"
    # It looks once a minute at most; another daemon knows nothing of that.
    person.stop_daemon()
    odd.end_all()
    curl(person, odd.origin + "/api/forbidden")
    eventually(lambda: state(person) == "needs-login", "the session has ended")


def test_a_401_renews_what_can_renew(person, odd):
    recipe(person, "odd-api", API)
    log_in(person, odd, "/", "--recipe", "odd-api")
    odd.end_all()
    curl(person, odd.origin + "/api/me")
    eventually(lambda: "POST /api/renew" in odd.paths(), "the session renews")
    eventually(lambda: json.loads(curl(person, odd.origin + "/api/me")) == {"user": odd.user}, "it works again")
    # A place that always says 401 makes no more renewals.
    odd.end_all()
    curl(person, odd.origin + "/api/me")
    assert odd.paths().count("POST /api/renew") == 1


@pytest.mark.vault
def test_what_was_added_by_hand_stays_as_it_is(person, odd, leaks):
    person.lanyard("add", "odd", "--for", odd.origin, "--bearer", input=leaks.new("bearer") + "\n")
    curl(person, odd.origin + "/api/me")
    assert state(person) == "active"
