"""Goes with pycurl's own tests (`-p pycurl_suite_plugin`): they wait less, and a session is kept for their server."""

import functools
import gc
import os
import subprocess

import pytest
import websockets


def pytest_configure():
    # libcurl does not answer a Close frame: their server of web sockets would wait ten seconds for that, each time.
    websockets.serve = functools.partial(websockets.serve, close_timeout=0.2)


def pytest_collection_finish():
    # One of the tests collects garbage a thousand times; what is there now is none.
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def session_of_the_server(app):
    if token := os.environ.get("TOKEN_FILE"):
        with open(token) as file:
            subprocess.run(["lanyard", "add", f"suite-{os.getpid()}", "--for", app, "--bearer"], stdin=file, check=True)
