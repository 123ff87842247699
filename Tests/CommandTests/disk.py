"""A daemon whose disk is slow or full while a test says so."""

import contextlib
import subprocess
from pathlib import Path

from processes import eventually

SOURCE = Path(__file__).parent / "disk.c"


def compile_disk(folder):
    library = folder / "disk.so"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", SOURCE, "-o", library, "-ldl"], check=True
    )
    return library


class Disk:
    def __init__(self, person, library):
        self._person = person
        self._library = library
        self._folder = person.inputs / "disk"
        self._folder.mkdir()

    def start_daemon(self):
        """Starts the person's daemon on this disk."""
        environment = {"LD_PRELOAD": str(self._library), "DISK": str(self._folder)}
        self._person.run(self._person.programs / "lanyardd", "--detach", env=environment)

    def wait_until_held(self):
        eventually((self._folder / "held").exists, "the daemon waits for the disk")

    @contextlib.contextmanager
    def held(self):
        """Nothing gets onto the disk until the end of the block; then all that waited does."""
        with self._being("hold"):
            yield
        (self._folder / "held").unlink(missing_ok=True)

    def full(self):
        """Nothing gets onto the disk in the block, and whoever tries is told."""
        return self._being("full")

    @contextlib.contextmanager
    def _being(self, state):
        (self._folder / state).touch()
        try:
            yield
        finally:
            (self._folder / state).unlink()
