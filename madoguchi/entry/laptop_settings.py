"""The settings of a kit on a laptop (端末の設定): no database, no sessions, this machine only."""

from madoguchi.entry.settings import *  # noqa: F403  a page of settings, and what differs

ROOT_URLCONF = "madoguchi.kit.views.laptop_routes"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "madoguchi.web.headers.Headers",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # The library of sign-ins will not start without it; here nobody signs in.
    "allauth.account.middleware.AccountMiddleware",
]
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
HTTPS = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = False
