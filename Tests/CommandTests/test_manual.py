"""The examples of the manual pages in section 5 are what the program takes."""

import re
from pathlib import Path

import pytest

MAN = Path(__file__).parent.parent.parent / "man"

pytestmark = pytest.mark.vault


def examples(page):
    """{name: text} of what stands between `.\\" example: NAME` and `.\\" end`."""
    found = re.findall(r'^\.\\" example: (\S+)\n\.Bd.*\n((?:.*\n)*?)\.Ed\n\.\\" end$', (MAN / page).read_text(), re.M)
    return {name: text.replace("\\e", "\\") for name, text in found}


RECIPES = examples("lanyard-recipes.5")


def test_there_are_examples():
    assert len(RECIPES) >= 3 and list(examples("lanyard.toml.5")) == ["settings", "clients"]


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_of_the_manual(person, name):
    file = person.keep(f"{name}.toml", RECIPES[name])
    assert person.lanyard("recipe", "check", file).out.startswith(f"ok: {name}, ")


def test_the_settings_of_the_manual(person):
    folder = person.private / "config/lanyard"
    folder.mkdir()
    for name, text in [("config", "settings"), ("clients", "clients")]:
        (folder / f"{name}.toml").write_text(examples("lanyard.toml.5")[text])
        (folder / f"{name}.toml").chmod(0o600)
    person.lanyard("status")
