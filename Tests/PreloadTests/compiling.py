"""Builds the C programs of the tests."""

import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent
SOURCES = HERE.parent.parent / "Sources" / "Preload"
# As in the Makefile.
FLAGS = ["-Os", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden", "-U_FORTIFY_SOURCE", "-Wl,-z,noseparate-code,-z,lazy"]


def cc(*arguments):
    subprocess.run(["cc", *map(str, arguments)], check=True)
