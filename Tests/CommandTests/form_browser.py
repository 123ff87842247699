"""A browser for plain HTML forms: cookies, redirects, forms filled in by name. It follows an OAuth server's pages."""

import re
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar


class _Forms(HTMLParser):
    """The forms of a page: where each goes, and its fields with their values; submit buttons are apart."""

    def __init__(self, page):
        super().__init__()
        self.forms = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        fields = dict(attributes)
        if tag == "form":
            self.forms.append({"action": fields.get("action") or "", "fields": {}, "buttons": {}})
        elif tag in ("input", "button") and self.forms and fields.get("name"):
            kind = "buttons" if fields.get("type") == "submit" or tag == "button" else "fields"
            self.forms[-1][kind][fields["name"]] = fields.get("value") or ""


class Page:
    def __init__(self, response):
        self.status = response.status
        self.url = response.url
        self.headers = response.headers
        self.text = response.read().decode(errors="replace")

    @property
    def words(self):
        return " ".join(re.sub("<[^>]*>", " ", self.text).split())


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class FormBrowser:
    """`answer(location)` may change or swallow (None) the address that the server sends the browser back to."""

    def __init__(self, user, password, answer=lambda location: location):
        self.credentials = {"username": user, "password": password}
        self.answer = answer
        self.jar = CookieJar()
        self.back = None
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar), _NoRedirects
        )

    def _open(self, url, fields=None):
        body = None if fields is None else urllib.parse.urlencode(fields).encode()
        # A browser sends no fragment.
        request = urllib.request.Request(url.partition("#")[0], body, {"Referer": url.partition("?")[0]})
        try:
            response = self._opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            response = error
        location = response.headers.get("Location")
        if location is None or not 300 <= response.status < 400:
            return Page(response)
        target = urllib.parse.urljoin(url, location)
        if urllib.parse.urlsplit(target).path == "/callback":
            self.back = target
            target = self.answer(target)
            if target is None:
                return Page(response)
        return self._open(target)

    def visit(self, url):
        return self._open(url)

    def submit(self, page, button=None, **values):
        """Fills in the page's form and sends it, with the button of that name."""
        form = _Forms(page.text).forms[0]
        fields = form["fields"] | {name: value for name, value in values.items() if name in form["fields"] or value}
        if button:
            fields[button] = form["buttons"].get(button, "")
        return self._open(urllib.parse.urljoin(page.url, form["action"] or page.url), fields)

    def log_in(self, page):
        return self.submit(page, **self.credentials) if 'type="password"' in page.text else page

    def authorize(self, url, allow=True):
        """Logs in where asked, says yes or no, and comes back; the last page."""
        page = self.log_in(self.visit(url))
        return self.submit(page, button="allow" if allow else None)

    def enter(self, url, code, allow=True):
        """What a person does at the page of the device flow."""
        page = self.log_in(self.visit(url))
        page = self.submit(page, user_code=code)
        return self.submit(page, action="accept" if allow else "deny")
