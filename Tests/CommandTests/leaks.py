"""No secret may be found in argv, in an environment, in a log or in any file."""

import base64
import os
import secrets
from urllib.parse import quote


def _base64_forms(secret):
    """What base64 makes of the secret inside something longer, at each of its three offsets."""
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + secret)
        # The characters at both ends depend on the neighbours.
        core = encoded[(0, 2, 3)[offset] : len(encoded) // 4 * 4 - 4]
        yield core
        yield core.translate(bytes.maketrans(b"+/", b"-_"))


def forms(secret):
    """The secret as it is, percent-encoded, in hex, and in base64."""
    raw = secret.encode()
    return {raw, quote(secret, safe="").encode(), raw.hex().encode(), *_base64_forms(raw)}


class Leaks:
    """Every secret of the run, and the search for them."""

    # Shorter ones would be found by chance.
    SHORTEST = 12

    def __init__(self):
        self._forms = {}
        self._sources = []

    def register(self, secret):
        """Keeps a secret in mind; returns it."""
        assert len(secret) >= self.SHORTEST, "too short to search for"
        if secret not in self._forms:
            self._forms[secret] = forms(secret)
        return secret

    def new(self, kind):
        """A new secret, as somebody might choose one; its kind helps to recognise it in a failure."""
        return self.register(f"{kind}-{secrets.token_urlsafe(18)}")

    def register_from(self, source):
        """`source()` is asked before each search for secrets that servers have given out meanwhile."""
        self._sources.append(source)

    def _gather(self):
        for source in self._sources:
            for secret in source():
                self.register(secret)
                if secret.count(".") == 2:
                    # The signature is what makes a JWT a secret.
                    self.register(secret.rpartition(".")[2])

    def search(self, places):
        """Which of (name, bytes) hold a secret: a list of sentences that do not repeat it."""
        self._gather()
        return [
            f"{name} holds a secret ({secret[:6]}…)"
            for name, content in places
            for secret, found in self._forms.items()
            if any(form in content for form in found)
        ]

    def search_files(self, folder):
        return self.search(files_in(folder))


def files_in(folder):
    """(path, content) of all regular files below the folder, and the names of all others as content."""
    for root, folders, names in os.walk(folder):
        for name in folders:
            yield os.path.join(root, name), name.encode()
        for name in names:
            path = os.path.join(root, name)
            content = name.encode()
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    content += b"\0" + file.read()
            yield path, content
