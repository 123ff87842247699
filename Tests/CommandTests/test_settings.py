"""What a person has set of a session: what it does, and that it lasts."""

import json
import threading

import pytest
from endpoint import Endpoint
from processes import eventually
from ways import add, carried, curl, sessions


def settings(person, name):
    return json.loads(person.lanyard("show", name, "--json").out)["settings"]


def test_all_of_it_outlasts_daemon_and_keyring(any_person, leaks):
    add(any_person, "a", "https://a.example.com", leaks.new("bearer"))
    any_person.lanyard("set", "a", "ambient=true", "default=true", "insecure=true", "confirm=true", "for+=https://b.example.com/v1")
    any_person.lanyard("rename", "a", "work/b")
    assert settings(any_person, "work/b") == {"ambient": True, "default": True, "insecure": True, "confirm": True}
    assert sessions(any_person)["work/b"]["for"] == ["https://a.example.com", "https://b.example.com/v1"]
    any_person.lanyard("set", "work/b", "ambient=false", "default=false", "insecure=false", "confirm=false", "for=https://c.example.com")
    assert settings(any_person, "work/b") == {"ambient": False, "default": False, "insecure": False, "confirm": False}
    assert sessions(any_person)["work/b"]["for"] == ["https://c.example.com"]


@pytest.mark.vault
def test_insecure_goes_where_the_certificate_is_not_checked(person, tls_recorder, leaks):
    secret = leaks.new("bearer")
    add(person, "s", tls_recorder.origin, secret)
    refused = person.lanyard("curl", "-sS", "-k", tls_recorder.origin)
    assert "TLS verification is off" in refused.err
    person.lanyard("set", "s", "insecure=true")
    assert person.lanyard("curl", "-sS", "-k", tls_recorder.origin).err == ""
    assert len(tls_recorder.requests) == 2
    assert carried(tls_recorder.requests, secret) == tls_recorder.requests[1:]


@pytest.mark.vault
def test_a_place_that_is_taken_away_gets_nothing_more(person, recorder, leaks):
    secret = leaks.new("bearer")
    add(person, "s", recorder.origin, secret)
    curl(person, recorder.origin)
    person.lanyard("set", "s", "for=https://elsewhere.example.com")
    curl(person, recorder.origin)
    assert carried(recorder.requests, secret) == recorder.requests[:1]


@pytest.mark.vault
def test_of_two_who_become_the_default_at_once_one_is(person, leaks):
    names = [f"s{number}" for number in range(8)]
    for name in names:
        add(person, name, "https://api.example.com", leaks.new("bearer"))
    threads = [threading.Thread(target=person.lanyard, args=("set", name, "default=true")) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(settings(person, name)["default"] for name in names) == 1
    assert person.lanyard("explain", "https://api.example.com/", "--json").status == 0


@pytest.mark.vault
def test_a_place_brings_a_default_with_it(person, leaks):
    """The rule is about places, not about who said default last."""
    add(person, "a", "https://a.example.com", leaks.new("bearer"))
    add(person, "b", "https://b.example.com", leaks.new("bearer"))
    for name in ("a", "b"):
        person.lanyard("set", name, "default=true")
    assert settings(person, "a")["default"] and settings(person, "b")["default"]
    said = person.lanyard("set", "b", "for+=https://a.example.com").err
    assert said == 'lanyard: "a" is no longer the default: "b" is for the same place\n'
    assert not settings(person, "a")["default"]


@pytest.mark.vault
def test_a_session_keeps_its_name_while_it_is_renewed(person, leaks):
    """A renewal that began under the old name ends under the new one."""
    with Endpoint(leaks) as endpoint:
        endpoint.add(person, "old")
        with endpoint.holding() as let_go:
            refresh = person.start("lanyard", "refresh", "old")
            eventually(lambda: endpoint.renewals, "the renewal is at the server")
            person.lanyard("rename", "old", "new")
            let_go.set()
        assert person.finish(refresh).status == 0
        assert person.lanyard("token", "new").out.strip() == endpoint.given[1][0]
        assert list(sessions(person)) == ["new"]


@pytest.mark.vault
def test_names_that_swap(person, leaks):
    for name in ("a", "b"):
        add(person, name, f"https://{name}.example.com", leaks.new("bearer"))
    for old, new in (("a", "c"), ("b", "a"), ("c", "b")):
        person.lanyard("rename", old, new)
    person.kill_daemon()
    assert {name: session["for"] for name, session in sessions(person).items()} == {
        "a": ["https://b.example.com"],
        "b": ["https://a.example.com"],
    }
