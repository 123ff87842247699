"""Two logs: what each request brought, and what secrets the site gave out."""

import json
import threading
import time
import urllib.parse

from django.conf import settings

_lock = threading.Lock()

# The fields of JSON answers, and the cookies, that let their holder in.
SECRET_FIELDS = ("token", "auth_token", "access", "refresh", "access_token", "refresh_token", "id_token", "device_code")
SECRET_FIELDS += ("client_secret", "registration_access_token")
# Where the fields of a form are written down.
OAUTH_PATHS = ("/token/", "/revoke_token/", "/device-authorization/")
SECRET_COOKIES = ("sessionid", "csrftoken", "shop-auth", "shop-again")


def _append(name, record):
    with _lock, open(settings.FOLDER / name, "a") as file:
        file.write(json.dumps(record) + "\n")


def _issued(response):
    for name in SECRET_COOKIES:
        if name in response.cookies and response.cookies[name].value:
            yield response.cookies[name].value
    answer = urllib.parse.urlsplit(response.headers.get("Location", ""))
    yield from urllib.parse.parse_qs(answer.query).get("code", [])
    if response.headers.get("Content-Type", "").startswith("application/json"):
        answer = json.loads(response.content or b"null")
        if isinstance(answer, dict):
            # dj-rest-auth writes an empty text where the token is a cookie.
            yield from (answer[field] for field in SECRET_FIELDS if answer.get(field) and isinstance(answer[field], str))


def log_requests(get_response):
    def middleware(request):
        began = time.time()
        form = dict(urllib.parse.parse_qsl(request.body.decode())) if request.path in OAUTH_PATHS else {}
        response = get_response(request)
        for secret in _issued(response):
            _append("issued.jsonl", secret)
        _append(
            "requests.jsonl",
            {
                "time": began,
                "method": request.method,
                "path": request.path,
                "query": request.META.get("QUERY_STRING", ""),
                "headers": {name.lower(): value for name, value in request.headers.items()},
                "form": form,
                "status": response.status_code,
            },
        )
        return response

    return middleware
