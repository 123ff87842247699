"""Serves the site: one process, a thread per connection."""

import argparse
import json
import os
import signal
import ssl
import sys
from pathlib import Path


def options():
    parser = argparse.ArgumentParser(prog="django_site")
    parser.add_argument("--folder", type=Path, required=True, help="where the database and the logs go")
    parser.add_argument("--ready", type=Path, help="file that gets the origin once the site answers")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--access-lifetime", type=float, default=300, metavar="SECONDS")
    parser.add_argument("--refresh-lifetime", type=float, default=86400, metavar="SECONDS")
    parser.add_argument("--refresh-delay", type=float, default=0, metavar="SECONDS")
    parser.add_argument("--oauth", default="", help="anything: be an OAuth server too, and a resource of its own")
    parser.add_argument("--client", metavar="URI", help="with --oauth: where the client `shop`, which asks for no consent, is told")
    parser.add_argument("--session-age", type=int, default=14 * 86400, metavar="SECONDS")
    parser.add_argument("--tls", type=Path, metavar="PEM", help="serve https with this key and certificate")
    return parser.parse_args()


def prepare(client):
    """Makes the tables, alice and the client, unless an earlier start in this folder did."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from django.contrib.auth.models import User

    if not User.objects.filter(username="alice").exists():
        User.objects.create_user("alice", password=os.environ["SITE_PASSWORD"])
    if client:
        from oauth2_provider.models import Application

        kind, grant = Application.CLIENT_PUBLIC, Application.GRANT_AUTHORIZATION_CODE
        Application.objects.get_or_create(
            client_id="shop", redirect_uris=client, client_type=kind, authorization_grant_type=grant, skip_authorization=True
        )


def server(port, tls):
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_):
            pass

    class Server(ThreadedWSGIServer):
        daemon_threads = True
        # 50 clients at once are part of the tests; the default backlog of 10 would make them retry for a second.
        request_queue_size = 256

        def handle_error(self, request, client_address):
            # A client that hangs up, or does not trust our certificate, is no news.
            if not isinstance(sys.exc_info()[1], OSError):
                super().handle_error(request, client_address)

    httpd = Server(("127.0.0.1", port), Quiet)
    httpd.set_app(get_wsgi_application())
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        # The handshake happens at the first read, in the connection's own thread: a silent client blocks nobody.
        httpd.socket = context.wrap_socket(httpd.socket, server_side=True, do_handshake_on_connect=False)
        httpd.base_environ["HTTPS"] = "on"
    return httpd


def main():
    told = options()
    told.folder.mkdir(parents=True, exist_ok=True)
    settings = {key: value for key, value in vars(told).items() if key not in ("ready", "port", "tls", "client")}
    os.environ["SITE_OPTIONS"] = json.dumps(settings, default=str)
    os.environ["DJANGO_SETTINGS_MODULE"] = "django_site.settings"
    prepare(told.client)
    httpd = server(told.port, told.tls)
    origin = f"http{'s' if told.tls else ''}://127.0.0.1:{httpd.server_port}"
    if told.oauth:
        from oauth2_provider.settings import oauth2_settings

        # The toolkit wants it whole, and the port is known only now.
        oauth2_settings.OAUTH_DEVICE_VERIFICATION_URI = origin + "/device/"
    if told.ready:
        part = told.ready.with_suffix(".part")
        part.write_text(origin)
        part.rename(told.ready)
    else:
        print(origin, flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        httpd.serve_forever()
    except KeyboardInterrupt:
        pass


main()
