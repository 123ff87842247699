"""The site as an OAuth server: django-oauth-toolkit at its root, and a resource that its tokens are for."""

import json

from django.http import JsonResponse
from django.urls import include, path
from oauth2_provider.contrib.rest_framework import OAuth2ProtectedResourceAuthentication
from oauth2_provider.models import Application
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.views import OAuthServerMetadataView
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

# A client that registers itself cannot say how its ID tokens are to be signed, and without that gets a 500.
Application._meta.get_field("algorithm").default = Application.RS256_ALGORITHM


class Validator(OAuth2Validator):
    # All claims, whatever the scopes.
    oidc_claim_scope = None

    def get_additional_claims(self, request):
        return {"preferred_username": request.user.username}


class Metadata(OAuthServerMetadataView):
    """The toolkit's, and the endpoints that it has but does not tell of."""

    def get(self, request, *args, **kwargs):
        data = json.loads(super().get(request, *args, **kwargs).content)
        for name, place in [
            ("device_authorization_endpoint", "/device-authorization/"),
            ("userinfo_endpoint", "/userinfo/"),
            ("end_session_endpoint", "/logout/"),
        ]:
            data[name] = request.build_absolute_uri(place)
        return JsonResponse(data)


class OAuthMe(APIView):
    authentication_classes = [OAuth2ProtectedResourceAuthentication]
    permission_classes = [IsAuthenticated]

    def get(self, request):
        return Response({"user": request.user.username, "scope": request.auth.scope})


class OAuthClient(APIView):
    """What a client may see that acts for itself."""

    authentication_classes = [OAuth2ProtectedResourceAuthentication]
    permission_classes = []

    def get(self, request):
        if not request.auth:
            return Response({"detail": "no token"}, status=401)
        return Response({"client": request.auth.application.client_id})


patterns = [
    path(".well-known/oauth-authorization-server", Metadata.as_view()),
    path("oauth/me", OAuthMe.as_view()),
    path("oauth/client", OAuthClient.as_view()),
    path("", include("oauth2_provider.urls", namespace="oauth2_provider")),
]
