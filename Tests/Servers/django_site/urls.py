from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from rest_framework.authtoken.views import obtain_auth_token
from rest_framework_simplejwt.views import TokenBlacklistView, TokenObtainPairView

from django_site import views

urlpatterns = [
    path("", views.front),
    path("me/", views.me),
    path("redirect", views.redirect),
    path("accounts/login/", LoginView.as_view(template_name="login.html")),
    path("accounts/logout/", LogoutView.as_view()),
    path("api/me", views.ApiMe.as_view()),
    path("api-token-auth/", obtain_auth_token),
    path("auth/token/login/", views.TokenLogin.as_view()),
    path("auth/token/logout/", views.TokenLogout.as_view()),
    path("api/token/", TokenObtainPairView.as_view()),
    path("api/token/refresh/", views.SlowRefresh.as_view()),
    path("api/token/blacklist/", TokenBlacklistView.as_view()),
    path("dj-rest-auth/", include("dj_rest_auth.urls")),
]

if settings.OPTIONS["oauth"]:
    from django_site.oauth import patterns

    urlpatterns += patterns
