import time

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from rest_framework.authtoken.models import Token
from rest_framework.authtoken.views import ObtainAuthToken
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.views import TokenRefreshView


class ApiMe(APIView):
    """Says who calls, and which of the four ways let them in."""

    WAYS = {
        "JWTAuthentication": "jwt",
        "TokenAuthentication": "token",
        "ApiKeyAuthentication": "api-key",
        "SessionAuthentication": "session",
        "JWTCookieAuthentication": "jwt-cookie",
    }

    def get(self, request):
        way = self.WAYS[type(request.successful_authenticator).__name__]
        return Response({"user": request.user.username, "way": way})

    def post(self, request):
        return self.get(request)


class TokenLogin(ObtainAuthToken):
    """djoser's answer to a login: the same token under another name."""

    def post(self, request, *args, **kwargs):
        return Response({"auth_token": super().post(request, *args, **kwargs).data["token"]})


class TokenLogout(APIView):
    """djoser's logout: the token is gone, for everybody who holds it."""

    def post(self, request):
        Token.objects.filter(user=request.user).delete()
        return Response(status=204)


class SlowRefresh(TokenRefreshView):
    """simplejwt's refresh, which may take a while."""

    def post(self, request, *args, **kwargs):
        time.sleep(settings.OPTIONS["refresh_delay"])
        return super().post(request, *args, **kwargs)


@login_required
def me(request):
    return JsonResponse({"user": request.user.username, "way": "session"})


def front(request):
    return HttpResponse("a test site\n", content_type="text/plain")


def redirect(request):
    return HttpResponseRedirect(request.GET["to"])
