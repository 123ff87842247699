"""A real browser: headless Chromium, through its driver's own protocol (https://www.w3.org/TR/webdriver2/)."""

import json
import os
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request

from processes import eventually

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Chromium:
    """`with Chromium(folder) as browser`: a profile of its own, which goes with it."""

    def __init__(self, folder):
        self._folder = folder
        folder.mkdir()
        self._log = open(folder / "log", "w+")
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"},
        )
        self.pid = self._driver.pid
        self._session = None

    def __enter__(self):
        port = eventually(self._port, "the driver listens", deadline=30)
        self._url = f"http://127.0.0.1:{port}/session"
        # The sandbox cannot be had by root.
        arguments = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={self._folder}/profile"]
        arguments += ["--no-sandbox"] if os.getuid() == 0 else []
        options = {"goog:chromeOptions": {"args": arguments}}
        self._session = self._call("POST", "", {"capabilities": {"alwaysMatch": options}})["sessionId"]
        return self

    def __exit__(self, *_):
        if self._session:
            self._call("DELETE", f"/{self._session}")
        self._driver.terminate()
        self._driver.wait(timeout=30)
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _port(self):
        self._log.flush()
        words = (self._folder / "log").read_text().partition("successfully on port ")[2]
        return words.partition(".")[0] if "." in words else None

    def _call(self, method, path, body=None):
        data = None if method != "POST" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self._url + path, data, {"Content-Type": "application/json"}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return json.load(opener.open(request, timeout=60))["value"]

    def open(self, url):
        self._call("POST", f"/{self._session}/url", {"url": url})

    @property
    def text(self):
        """What the page shows."""
        return self._call("POST", f"/{self._session}/execute/sync", {
            "script": "return document.body ? document.body.innerText : ''", "args": [],
        })

    def _find(self, selector):
        try:
            found = self._call("POST", f"/{self._session}/element", {"using": "css selector", "value": selector})
        except urllib.error.HTTPError:
            return None
        return found[ELEMENT]

    def _act(self, selector, action, body=None):
        """Waits until the page has the element and it can be used."""

        def acted():
            element = self._find(selector)
            if element is None:
                return False
            try:
                self._call("POST", f"/{self._session}/element/{element}/{action}", body)
            except urllib.error.HTTPError:
                return False
            return True

        eventually(acted, f"{action} {selector}", deadline=30)

    def type(self, selector, text):
        self._act(selector, "value", {"text": text})

    def click(self, selector):
        self._act(selector, "click")
