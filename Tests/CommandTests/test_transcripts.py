"""Plays each transcript beside this file: see transcript.py for how to read and write them."""

import json
from pathlib import Path

import pytest
from transcript import parse, play

TRANSCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.fixture(scope="session")
def quick_site(new_site):
    """Its access tokens live for two seconds."""
    return new_site(access_lifetime=2)


@pytest.fixture
def variables(site, quick_site):
    """What the commands of a transcript may name."""
    return {
        "SERVER": site.origin,
        "HOST": site.host,
        "QUICK_SERVER": quick_site.origin,
        "QUICK_HOST": quick_site.host,
    }


def bring(person, site, quick_site):
    """The files that the transcripts read: a password or a key each, in the person's own folder."""
    person.keep("password", site.password + "\n")
    person.keep("quick-password", quick_site.password + "\n")
    person.keep("wrong-password", "not-the-password-of-anybody\n")
    person.keep("api-key", site.api_key + "\n")
    person.keep("session-id", site.session_id() + "\n")
    person.keep("drf-token", site.drf_token() + "\n")
    person.keep("access-token", site.jwts()["access"] + "\n")
    person.keep("site-key.json", json.dumps(site.signing_key()))
    return {"INPUTS": str(person.inputs)}


@pytest.mark.parametrize(
    "program, killed",
    [("lanyard", False), ("lanyard", True), ("lanyard-cli", False)],
    ids=["lanyard", "lanyard, all killed between commands", "lanyard-cli"],
)
@pytest.mark.parametrize("path", TRANSCRIPTS, ids=[path.stem for path in TRANSCRIPTS])
def test_transcript(path, program, killed, new_person, site, quick_site, variables):
    person = new_person(name=program)
    variables |= bring(person, site, quick_site) | {
        "STORE": "the keyring" if person.keyring else "the vault",
        "KEPT_IN": "GNOME Keyring" if person.keyring else "the vault",
    }
    if killed:
        person.killed = ("daemon", "keyring") if person.keyring else ("daemon",)
    play(path, person, variables, person.disturb)


def test_there_are_transcripts():
    assert TRANSCRIPTS and all(parse(path.read_text()) for path in TRANSCRIPTS)
