"""Settings of the site; what differs from test to test comes in SITE_OPTIONS."""

import json
import os
from datetime import timedelta
from pathlib import Path



def oauth_key():
    """The key that ID tokens are signed with, one for each folder."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    path = FOLDER / "oauth.pem"
    if not path.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        path.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    return path.read_text()


OPTIONS = json.loads(os.environ["SITE_OPTIONS"])
FOLDER = Path(OPTIONS["folder"])

SECRET_KEY = "only for tests: signs nothing that outlives them, and is long enough"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", ".localhost", "[::1]"]
ROOT_URLCONF = "django_site.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/me/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = OPTIONS["session_age"]
# The strong hashers take 0.3 s a login; what they protect lives for one test.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "rest_framework",
    "rest_framework.authtoken",
    "rest_framework_simplejwt.token_blacklist",
    "dj_rest_auth",
]
if OPTIONS["oauth"]:
    INSTALLED_APPS += ["oauth2_provider", "django.contrib.staticfiles"]
    STATIC_URL = "/static/"
    OAUTH2_PROVIDER = {
        "SCOPES": {"openid": "who you are", "read": "read", "write": "write"},
        "DEFAULT_SCOPES": ["read"],
        "OAUTH2_VALIDATOR_CLASS": "django_site.oauth.Validator",
        "ACCESS_TOKEN_EXPIRE_SECONDS": int(OPTIONS["access_lifetime"]),
        "REFRESH_TOKEN_EXPIRE_SECONDS": int(OPTIONS["refresh_lifetime"]),
        "ROTATE_REFRESH_TOKEN": True,
        "REFRESH_TOKEN_REUSE_PROTECTION": True,
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": oauth_key(),
        "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
        "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
        "DCR_ENABLED": True,
        "DCR_REGISTRATION_PERMISSION_CLASSES": ("oauth2_provider.dcr.AllowAllDCRPermission",),
        "OAUTH2_TOKEN_ENDPOINT_AUTH_METHODS_SUPPORTED": ["none", "client_secret_basic", "client_secret_post"],
        "DEVICE_FLOW_INTERVAL": 1,
    }

MIDDLEWARE = [
    "django_site.middleware.log_requests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "site.sqlite3",
        # Parallel refreshes write at once: they take the lock at BEGIN and wait for it, or SQLite answers "locked".
        "OPTIONS": {"timeout": 30, "transaction_mode": "IMMEDIATE"},
    }
}
LOGGING = {"version": 1, "disable_existing_loggers": True}

REST_FRAMEWORK = {
    # The first one's challenge makes an anonymous call 401; SessionAuthentication first would make it 403.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework_simplejwt.authentication.JWTAuthentication",
        "rest_framework.authentication.TokenAuthentication",
        "django_site.authentication.ApiKeyAuthentication",
        "dj_rest_auth.jwt_auth.JWTCookieAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
# JWTs in HttpOnly cookies, of any name.
REST_AUTH = {
    "USE_JWT": True,
    "JWT_AUTH_COOKIE": "shop-auth",
    "JWT_AUTH_REFRESH_COOKIE": "shop-again",
    "JWT_AUTH_COOKIE_USE_CSRF": True,
    "TOKEN_MODEL": None,
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(seconds=OPTIONS["access_lifetime"]),
    "REFRESH_TOKEN_LIFETIME": timedelta(seconds=OPTIONS["refresh_lifetime"]),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    "SIGNING_KEY": SECRET_KEY,
}
