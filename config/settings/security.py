"""Headers, content security policies, limits and the page cache: the same everywhere, so that tests see them too."""

from typing import Final

from config.settings.environment import number
from config.settings.files import MEDIA_URL, origin_of

# --- content security policy (design.md, decision 12): strict, but for third-party admin -----------------------------
_photos: Final = ["'self'", *origin_of(MEDIA_URL)]
CSP_STRICT: Final = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": _photos,
    "media-src": _photos,
    "font-src": ["'self'"],
    "connect-src": _photos,  # the worker asks for photos, too
    "manifest-src": ["'self'"],
    "worker-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": CSP_STRICT}
# Wagtail (inline initDateChooser, styles from vendor.js, previews in a frame) and Oscar's dashboard need more; no
# nonce may stand there, since a nonce switches 'unsafe-inline' off.
CSP_POLICIES = {
    "strict": CSP_STRICT,
    "django-admin": CSP_STRICT | {"img-src": ["'self'", "data:"], "base-uri": ["'self'"]},
    "third-party-admin": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'unsafe-inline'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": [*_photos, "data:", "blob:"],
        "media-src": [*_photos, "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    },
}
CSP_BY_PREFIX = {"/quan-tri/": "third-party-admin", "/quan-tri/he-thong/": "django-admin"}

# --- other headers and cookies --------------------------------------------------------------------------------------
# Camera and microphone for photos and recordings of our own pages; the rest is not asked for anywhere.
PERMISSIONS_POLICY = (
    "camera=(self), microphone=(self), geolocation=(), payment=(), usb=(), serial=(), midi=(), "
    "accelerometer=(), gyroscope=(), magnetometer=(), display-capture=(), browsing-topics=()"
)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # our scripts and Wagtail's read the token from the page
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- what a request may weigh ---------------------------------------------------------------------------------------
REQUEST_MAX_BYTES = number(
    "REQUEST_MAX_BYTES", 30 * 1024 * 1024, least=2 * 1024 * 1024
)  # three photos straight from a phone
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # without files; Wagtail's longest page form is 300 KB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a Wagtail page with many blocks sends more than Django's 1,000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- page cache (docs/decisions/0004-page-cache.md) -----------------------------------------------------------------
PAGE_CACHE_ALIAS = "default"
PAGE_CACHE_LIFE_S = number("PAGE_CACHE_LIFE_S", 300)
PAGE_CACHE_RAISES = (
    False  # dev and test: a public view that touches the visitor raises instead of being logged
)

# --- static files ---------------------------------------------------------------------------------------------------
OUR_STATIC_FOLDERS = (
    "shell/",
    "offline/",
    "search/",
    "media/",
    "learning/",
    "cms/",
    "marketplace/",
)  # packed as small as can be
WHITENOISE_MAX_AGE = 3600  # files without a hash in their name; hashed ones are kept for ever
WHITENOISE_ALLOW_ALL_ORIGINS = False
