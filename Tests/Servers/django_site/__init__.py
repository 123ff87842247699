"""A Django site that takes all four ways to log in: sessions, DRF's tokens, simplejwt, and an API key.

    python -m django_site --folder FOLDER [--ready FILE] [--access-lifetime SECONDS] …

With --oauth it is an authorization server as well (django-oauth-toolkit): code with PKCE, device, client credentials,
rotation with reuse protection, revocation, registration, `iss`, OpenID Connect; /oauth/me is what its tokens are for.

It serves on a free port of 127.0.0.1 and writes its origin to --ready, or else to stdout.
FOLDER gets the database, `requests.jsonl` (what every request brought) and `issued.jsonl` (every secret it gave out).
The passwords come from the environment: SITE_PASSWORD (alice's) and SITE_API_KEY.
"""
