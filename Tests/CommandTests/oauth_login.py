"""A person who logs in by OAuth: the command in one hand, the browser in the other."""

import re
import threading
import time
from urllib.parse import parse_qs, urlsplit

from processes import eventually


class OAuthLogin:
    """`lanyard login …` under way. `url` is what the browser is to open, `code` what is to be entered there."""

    def __init__(self, person, *arguments, env=None, **options):
        self._person = person
        self._process = person.start("lanyard", "login", *arguments, env=env, **options)
        self.lines = []
        self.url = self.code = None

    def wait(self):
        """Reads until the command waits for the person, or has ended."""
        for line in self._process.stdout:
            self.lines.append(line.decode())
            if self._looks(line.decode().rstrip("\n")):
                break
        return self

    def _looks(self, line):
        if match := re.match(r"to log in, open (http\S+) on any device and enter", line):
            self.url = match[1]
        elif self.url and (match := re.match(r"    (\S+)$", line)):
            self.code = match[1]
            return True
        elif match := re.match(r"  (http\S+)$", line):
            self.url = match[1]
            return True
        return False

    @property
    def redirect_uri(self):
        return parse_qs(urlsplit(self.url).query)["redirect_uri"][0]

    def hurry(self, signal):
        self._process.send_signal(signal)

    def finish(self, status=0):
        result = self._person.finish(self._process)
        result.out = "".join(self.lines) + result.out
        assert result.status == status, (result.status, result.out, result.err)
        return result


def another_second():
    """Waits for it: two JWTs of one second can be the same, which some servers fall over."""
    began = int(time.time())
    eventually(lambda: int(time.time()) > began, "another second begins")


def log_in(person, browser, url, *options, status=0, env=None, **more):
    """The whole of it, with the browser's flow; what the command said and the browser's last page."""
    login = OAuthLogin(person, url, "--flow", "browser", *options, env=env, **more).wait()
    page = None
    if login.url:
        page = []
        # A browser that hangs is not to hang the command with it.
        thread = threading.Thread(target=lambda: page.append(browser(login.url)), daemon=True)
        thread.start()
        result = login.finish(status)
        thread.join(timeout=30)
        page = page[0] if page else None
    else:
        result = login.finish(status)
    return result, page
