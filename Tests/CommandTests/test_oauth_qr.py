"""The QR code of the device flow, read off the terminal."""

import signal

import pytest
from oidc_provider import Provider
from qr_picture import pictures, read_qr
from terminal import CTRL_C, at_terminal

pytestmark = pytest.mark.vault


@pytest.fixture
def provider(leaks):
    with Provider() as provider:
        leaks.register_from(lambda: provider.issued)
        # Nobody enters the code.
        provider.before_tokens = lambda request: (400, {"error": "authorization_pending"})
        yield provider


def shown(person, provider):
    """What a terminal shows until the person is waited for, and gives up."""
    status, text = at_terminal(person, "lanyard", "login", provider.api, answers=[("left, Ctrl-C", lambda _: CTRL_C)])
    assert status in (130, -signal.SIGINT)
    return text


def complete(provider, address):
    """A server that knows an address with the code in it."""
    provider.at_device = lambda _: (200, {
        "device_code": provider.secret(), "user_code": "WDJB-MJHT", "verification_uri": provider.origin + "/enter",
        "verification_uri_complete": address, "expires_in": 600, "interval": 1,
    })


def test_address(person, provider):
    lines = pictures(shown(person, provider))
    assert read_qr(lines) == provider.origin + "/enter"


def test_address_with_the_code(person, provider):
    address = provider.origin + "/enter?user_code=WDJB-MJHT&" + "x" * 300
    complete(provider, address)
    assert read_qr(pictures(shown(person, provider))) == address


def test_too_wide_for_the_terminal(person, provider):
    """What would be broken into pieces is not drawn; the address is there all the same."""
    complete(provider, provider.origin + "/enter?" + "x" * 1500)
    text = shown(person, provider)
    assert pictures(text) == [] and "█" not in text and "WDJB-MJHT" in text


@pytest.mark.parametrize("variable, value", [("LANG", "C"), ("TERM", "dumb")])
def test_terminal_that_cannot_show_it(person, provider, variable, value):
    person.environment[variable] = value
    # A dumb terminal gets no line of what is waited for either.
    provider.before_tokens = lambda request: (400, {"error": "access_denied"})
    status, text = at_terminal(person, "lanyard", "login", provider.api)
    assert status == 4 and "█" not in text and "WDJB-MJHT" in text


def test_without_colours(person, provider):
    person.environment["NO_COLOR"] = "1"
    lines = [line for line in shown(person, provider).splitlines() if set(line) & set("█▀▄")]
    assert read_qr(lines) == provider.origin + "/enter"


def test_not_for_scripts(person, provider):
    provider.before_tokens = lambda request: (400, {"error": "access_denied"})
    refused = person.lanyard("login", provider.api, status=4)
    assert "█" not in refused.out + refused.err
