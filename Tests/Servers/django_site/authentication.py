import hmac
import os

from django.contrib.auth.models import User
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed


class ApiKeyAuthentication(BaseAuthentication):
    """X-Api-Key: the one key of alice's."""

    def authenticate(self, request):
        key = request.headers.get("X-Api-Key")
        if key is None:
            return None
        if not hmac.compare_digest(key.encode(), os.environ["SITE_API_KEY"].encode()):
            raise AuthenticationFailed("Invalid key.")
        return User.objects.get(username="alice"), None
