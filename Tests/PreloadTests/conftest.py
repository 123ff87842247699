import os
import pathlib
import ssl
import subprocess

import pytest

from compiling import FLAGS, HERE, SOURCES, cc
from fake_agent import FakeAgent, attached
from recording_server import RecordingServer

@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """The preload library: the one that LANYARD_PRELOAD names, else built here from its sources."""
    named = os.environ.get("LANYARD_PRELOAD")
    if named:
        return pathlib.Path(named).resolve()
    out = tmp_path_factory.mktemp("library") / "liblanyard-preload.so"
    cc("-shared", "-fPIC", *FLAGS, "-o", out, *sorted(SOURCES.glob("*.c")))
    return out


@pytest.fixture(scope="session")
def client(tmp_path_factory):
    out = tmp_path_factory.mktemp("client") / "client"
    cc("-g", "-O1", "-Wall", "-Wextra", "-Werror", "-o", out, HERE / "client.c", "-lcurl", "-lpthread")
    return out


@pytest.fixture(scope="session")
def tls(tmp_path_factory):
    """A certificate for 127.0.0.1 and localhost: (server context, path of the certificate)."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,DNS:sub.localhost,IP:127.0.0.1",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "cert.pem"


@pytest.fixture
def closing():
    things = []
    yield things
    for thing in things:
        thing.close()


@pytest.fixture
def serve(closing):
    def make(*arguments, **options):
        server = RecordingServer(*arguments, **options)
        closing.append(server)
        return server

    return make


@pytest.fixture
def agent(tmp_path, closing):
    """One that attaches a bearer to everything, until `agent.answer` is set to something else."""
    made = FakeAgent(tmp_path / "agent", lambda message: [attached()] if "Attach" in message["method"]
                     else [{"parameters": {}}])
    closing.append(made)
    return made


@pytest.fixture
def run(library, tmp_path):
    """Runs a command with the library; `env` adds variables, and takes away those that are None."""

    def start(*command, env=None, text=True, timeout=60, **options):
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        variables = {
            "PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "LD_PRELOAD": str(library),
            "LANYARD_SOCKET": str(tmp_path / "agent"), "LANYARD_RUN": "say",
        }
        variables.update(env or {})
        variables = {name: value for name, value in variables.items() if value is not None}
        words = [part if isinstance(part, bytes) else str(part) for part in command]
        return subprocess.run(words, env=variables, text=text, capture_output=True, timeout=timeout,
                              stdin=subprocess.DEVNULL, **options)

    return start


@pytest.fixture
def curl(run):
    def start(*arguments, **options):
        return run("curl", "-q", "-sS", "--no-progress-meter", *arguments, **options)

    return start
