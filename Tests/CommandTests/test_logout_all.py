"""`lanyard logout --all`, where not every server answers."""

import pytest
from ways import add, login, sessions

pytestmark = pytest.mark.vault


def test_what_fails_stays_and_the_rest_is_ended(person, site, new_site, leaks):
    gone = new_site()
    login(person, gone, "django", "a-gone")
    login(person, site, "django", "web")
    add(person, "ci", "https://ci.example.com", leaks.new("bearer"))
    gone.stop()
    result = person.lanyard("logout", "--all", status=9)
    assert list(sessions(person)) == ["a-gone"]
    assert f"told {site.host} to end the session" in result.out and 'forgot "ci"' in result.out
    assert result.err.startswith("lanyard: ") and "a-gone" in result.err


def test_while_the_store_is_locked(person, leaks):
    add(person, "ci", "https://ci.example.com", leaks.new("bearer"))
    person.lanyard("lock")
    person.lanyard("logout", "--all", status=6)
    person.lanyard("unlock")
    assert list(sessions(person)) == ["ci"]
