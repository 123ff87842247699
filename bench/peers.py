"""Other programs for the same work: Debian packages, and what each needs to be asked for a token."""

import contextlib
import os
import shutil
import subprocess
import tempfile

from people import eventually

# The package of each program.
PACKAGES = {"secret-tool": "libsecret-tools", "oidc-token": "oidc-agent-cli", "http": "httpie"}


def missing():
    """The packages that are not there."""
    return [package for program, package in PACKAGES.items() if not shutil.which(program)]


def install():
    """Installs what is missing, where that can be done without asking; says so."""
    packages = missing()
    if not packages:
        return
    apt = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages]
    root = [] if os.getuid() == 0 else ["sudo", "-n"]
    print(f"installing peers to compare with: {' '.join(root + apt)}", flush=True)
    # apt's own user must be able to write to the temporary folder.
    environment = {name: value for name, value in os.environ.items() if name != "TMPDIR"}
    with contextlib.suppress(OSError):
        subprocess.run(
            root + apt, env=environment | {"DEBIAN_FRONTEND": "noninteractive"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


def store_in_keyring(keyring):
    """Puts a token where `secret-tool lookup` finds it; returns that command."""
    attributes = ["application", "bench", "account", "alice"]
    subprocess.run(
        ["secret-tool", "store", "--label=bench", *attributes], input="a token in the keyring", text=True, check=True,
        env=os.environ | keyring.environment,
    )
    variables = [f"{name}={value}" for name, value in keyring.environment.items()]
    return [*variables, "secret-tool", "lookup", *attributes]


@contextlib.contextmanager
def oidc_agent(origin):
    """An oidc-agent that has an account at serve.c; yields the command that prints its token, None where that failed."""
    with tempfile.TemporaryDirectory(prefix="oidc-", dir="/tmp") as folder:
        socket = f"{folder}/socket"
        environment = os.environ | {"HOME": folder, "OIDC_CONFIG_DIR": folder, "TMPDIR": folder, "OIDC_SOCK": socket}
        agent = subprocess.Popen(
            ["oidc-agent", "--console", "--no-autoload", f"--socket-path={socket}"], env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            eventually(lambda: os.path.exists(socket), "oidc-agent listens")
            made = _make_account(folder, origin, environment)
            yield [f"OIDC_SOCK={socket}", f"OIDC_CONFIG_DIR={folder}", "oidc-token", "bench"] if made else None
        finally:
            agent.kill()
            agent.wait()


def _make_account(folder, origin, environment):
    with open(os.open(f"{folder}/password", os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write("a password\n")
    command = [
        "oidc-gen", "bench", "--manual", f"--issuer={origin}", "--client-id=bench", "--client-secret=bench",
        "--scope=openid offline_access", "--flow=refresh", "--rt=r-1-0", f"--pw-file={folder}/password",
        "--redirect-uri=http://localhost:4242", "--prompt=none", "--confirm-default", "--no-url-call",
    ]
    result = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=20
    )
    return result.returncode == 0
