"""Settings for production: everything secret or local comes from the environment (docs/operations.md)."""

from config.settings.base import *  # noqa: F403
from config.settings.base import LOGGING
from config.settings.environment import env, hosts, number, public_address, switch

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = hosts("ALLOWED_HOSTS")
SITE_BASE_URL = WAGTAILADMIN_BASE_URL = public_address(
    "SITE_BASE_URL"
)  # messages and paper must not say localhost
IS_DEMO = False

# --- transport: everything over TLS, which a proxy in front may end -----------------------------------------------
SECURE_SSL_REDIRECT = switch("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^song/$", r"^san-sang/$"]  # asked from inside, over plain HTTP
SECURE_HSTS_SECONDS = number("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# The preload list is for whoever owns the whole domain; a commune's site is a name under a province's domain.
SECURE_HSTS_PRELOAD = switch("SECURE_HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if switch("BEHIND_TLS_PROXY", default=False):  # only when that proxy sets or removes the header itself
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # without it everybody would come from the proxy's own address, and share one rate limit
    TRUSTED_PROXY_COUNT = number("TRUSTED_PROXY_COUNT", 1)

# --- cookies: only over TLS, only for this very host ("__Host-": no subdomain can set them) -----------------------
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True

# Strangers who try made-up host names are not our errors.
LOGGING["loggers"]["django.security.DisallowedHost"] = {"level": "CRITICAL"}

# --- accounts -----------------------------------------------------------------------------------------------------
STAFF_SECOND_FACTOR = True
SMS_BACKEND = env("SMS_BACKEND")  # said by hand: the default elsewhere is a test double that sends nothing
