"""Settings shared by development, tests and production; what differs comes from environment variables."""

from pathlib import Path
from typing import Any

from django.conf import locale as django_locale
from oscar.defaults import *  # noqa: F403  (Oscar asks for it; our values come after it)

from config.languages import MINORITY_LANGUAGES, SITE_LANGUAGES, teach_django
from config.settings import files
from config.settings.environment import database, env, number, one_of, switch
from config.settings.files import *  # noqa: F403  (buckets and the public address of photos)
from config.settings.security import *  # noqa: F403  (headers, policies, limits, page cache)

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(env("LANGSO_VAR", default=str(ROOT / "var")))

SITE_NAME = "Làng Số"
SITE_BASE_URL = env("SITE_BASE_URL", default="http://localhost:8000")
IS_DEMO = switch("LANGSO_DEMO", default=False)

# --- apps: ours first (Oscar's templates and commands must not win), then Wagtail, Oscar, Django -------------------
INSTALLED_APPS = [
    "marketplace.apps.MarketplaceConfig",
    "config.seed.apps.SeedConfig",
    "base.accounts.apps.AccountsConfig",
    "base.places.apps.PlacesConfig",
    "base.outbox.apps.OutboxConfig",
    "base.intake.apps.IntakeConfig",
    "base.access.apps.AccessConfig",
    "base.pagecache.apps.PageCacheConfig",
    "base.offline.apps.OfflineConfig",
    "base.shell.apps.ShellConfig",
    "media.apps.MediaConfig",
    "search.apps.SearchConfig",
    "learning.apps.LearningConfig",
    "cms.apps.CmsConfig",
    "marketplace.cooperative.apps.CooperativeConfig",
    # Wagtail
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "base.accounts.wagtail_users.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    # accounts
    "allauth",
    "allauth.account",
    "allauth.mfa",
    # Django
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.flatpages",
    # Oscar: forks of ours where our fields or rules live, its own elsewhere
    "oscar.config.Shop",
    "oscar.apps.analytics.apps.AnalyticsConfig",
    "marketplace.checkout.apps.CheckoutConfig",
    "marketplace.address.apps.AddressConfig",
    "marketplace.shipping.apps.ShippingConfig",
    "marketplace.catalogue.apps.CatalogueConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "marketplace.partner.apps.PartnerConfig",
    "marketplace.basket.apps.BasketConfig",
    "marketplace.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig",
    "marketplace.order.apps.OrderConfig",
    "marketplace.customer.apps.CustomerConfig",
    "oscar.apps.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
    "marketplace.dashboard.apps.DashboardConfig",
    "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
    "marketplace.dashboard.orders.apps.OrdersDashboardConfig",
    "marketplace.dashboard.catalogue.apps.CatalogueDashboardConfig",
    "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
    "marketplace.dashboard.partners.apps.PartnersDashboardConfig",
    "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
    "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
    "widget_tweaks",
    "haystack",
    "treebeard",
    "django_tables2",
]

MIDDLEWARE = [
    "base.pagecache.middleware.PageCacheMiddleware",  # first: a kept page costs nothing of what follows
    "base.access.input.RefuseBadInput",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "base.pagecache.compression.CompressPersonalPages",
    "base.headers.middleware.ExtraHeaders",
    "base.headers.csp.PolicyByPath",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
CSRF_FAILURE_VIEW = "base.shell.errors.csrf_failure"
WSGI_APPLICATION = "config.wsgi.application"
SITE_ID = 1
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

# --- data ---------------------------------------------------------------------------------------------------------
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
DATABASES = {"default": database(f"sqlite:///{VAR / 'langso.sqlite3'}")}
DATABASES["default"].update(ATOMIC_REQUESTS=False, CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS

CACHE_URL = env("CACHE_URL", default="")
if CACHE_URL.startswith(("redis://", "rediss://")):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}
else:  # shared on disk: another process (the outbox) must be able to invalidate it
    CACHES = {
        "default": {
            "BACKEND": "base.pagecache.disk.DiskCache",
            "LOCATION": str(VAR / "cache"),
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }

MEDIA_ROOT = VAR / "media"
PRIVATE_ROOT = VAR / "private"
STATIC_ROOT = VAR / "static"
STATIC_URL = "/static/"
STORAGES: dict[str, dict[str, Any]] = {
    **files.storages(PRIVATE_ROOT),
    "staticfiles": {"BACKEND": "base.headers.static.SiteStaticFiles"},
}

TASKS = {
    "default": {"BACKEND": "base.outbox.immediate.OnCommitBackend"}
}  # Wagtail's own; ours is base.outbox

# --- orders: goods are held back for each, so a stranger must not send hundreds ------------------------------------
ORDERS_PER_ADDRESS_AN_HOUR = number(
    "ORDERS_PER_ADDRESS_AN_HOUR", 240, least=1
)  # a whole commune may share one
ORDERS_PER_PHONE_A_DAY = number("ORDERS_PER_PHONE_A_DAY", 20, least=1)

# --- how long things are kept, in days; the process that drains the outbox forgets what is older -----------------
BASKETS_KEPT_DAYS = number("BASKETS_KEPT_DAYS", 60)  # without an account, untouched, nothing ordered
INTAKE_KEPT_DAYS = number("INTAKE_KEPT_DAYS", 180)  # how late the same thing sent again is recognised
INTAKE_FILES_KEPT_DAYS = number("INTAKE_FILES_KEPT_DAYS", 7)  # photos that came in pieces
LEARNERS_KEPT_DAYS = number("LEARNERS_KEPT_DAYS", 400)  # progress of a device without an account
MESSAGES_KEPT_DAYS = number("MESSAGES_KEPT_DAYS", 30)  # rows of the message test double
MISSED_SEARCHES_KEPT_DAYS = number("MISSED_SEARCHES_KEPT_DAYS", 90)  # words that found nothing

# --- without a network (docs/offline.md) ------------------------------------------------------------------------------
OFFLINE_ENABLED = switch("OFFLINE_ENABLED", default=True)  # False empties phones' copies, never their queue
PACK_SIGNING_KEY = env("PACK_SIGNING_KEY", default="")  # 32 bytes in base64; empty: made from SECRET_KEY

# --- search -------------------------------------------------------------------------------------------------------
ELASTICSEARCH_URL = env("ELASTICSEARCH_URL", default="")
SEARCH_INDEX_DIR = VAR / "index"
MISSED_SEARCHES_DIR = VAR / "missed-searches"
SYNONYM_LANGUAGES = [("vi", "Tiếng Việt"), *MINORITY_LANGUAGES.items()]  # what words people type can be of
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# --- language and time --------------------------------------------------------------------------------------------
teach_django(django_locale.LANG_INFO)
LANGUAGE_CODE = "vi"
LANGUAGES = SITE_LANGUAGES
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
LOCALE_PATHS = [ROOT / "locale"]

# --- accounts (stack.md, 2) ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/tai-khoan/"
ACCOUNT_ADAPTER = "base.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60  # a text message in the hills can take minutes
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_CHANGE = False  # True tells strangers which phones have accounts
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before the phone is changed
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {  # a whole commune may stand behind one address
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "signup": "60/h/ip",
    "verify_phone": "1/30s/key,60/h/ip",
    "request_login_code": "120/h/ip,3/10m/key",
    "change_phone": "5/m/user",
}
ACCOUNT_FORMS = {
    "login": "base.accounts.forms.LoginForm",
    "signup": "base.accounts.forms.SignupForm",
    "request_login_code": "base.accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "base.accounts.forms.ConfirmLoginCodeForm",
    "verify_phone": "base.accounts.forms.VerifyPhoneForm",
    "reauthenticate": "base.accounts.forms.ReauthenticateForm",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
MFA_ADAPTER = "base.accounts.second_factor.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # e-mail is optional and never proves anything here
MFA_FORMS = {
    "authenticate": "base.accounts.forms.AuthenticateForm",
    "reauthenticate": "base.accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "base.accounts.forms.ActivateTOTPForm",
}
STAFF_SECOND_FACTOR = switch("STAFF_SECOND_FACTOR", default=False)  # production.py: True
SMS_BACKEND = env("SMS_BACKEND", default="base.accounts.sms.LogBackend")  # a test double: nothing is sent
TRUSTED_PROXY_COUNT = number("TRUSTED_PROXY_COUNT", 0)
SESSION_COOKIE_AGE = 60 * 24 * 3600
MIDDLEWARE += [
    "base.accounts.middleware.RateLimitedMiddleware",
    "base.access.middleware.AccessMiddleware",
    "base.accounts.second_factor.SecondFactorMiddleware",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "base.accounts.passwords.NotOnesPhoneValidator"},
]

# --- Wagtail ------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = SITE_BASE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_RESET_ENABLED = False  # by e-mail; here: a code to the phone
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILIMAGES_IMAGE_MODEL = "media.Photo"
WAGTAILIMAGES_IMAGE_FORM_BASE = "media.forms.EditorPhotoForm"
WAGTAILIMAGES_EXTENSIONS = [
    "jpg",
    "jpeg",
    "png",
    "webp",
    "gif",
    "avif",
    "heic",
]  # what its scripts let through
WAGTAIL_AUTOSAVE_INTERVAL = 10_000
WAGTAIL_AUTO_UPDATE_PREVIEW_INTERVAL = 0  # off: a phone line is no place for a preview per keystroke
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES

# --- Oscar --------------------------------------------------------------------------------------------------------
OSCAR_SHOP_NAME = SITE_NAME
OSCAR_DEFAULT_CURRENCY = "VND"
OSCAR_CURRENCY_FORMAT = {"VND": {"locale": "vi", "format": "#,##0\u00a0¤", "currency_digits": False}}
OSCAR_SLUG_FUNCTION = "config.slugs.slugify"
OSCAR_REQUIRED_ADDRESS_FIELDS = ("first_name", "line1", "country")
OSCAR_HOMEPAGE = "/cho/"
OSCAR_EAGER_ALERTS = False  # alerts are not used, and would cost queries at each save of stock
OSCAR_INITIAL_ORDER_STATUS = "placed"
OSCAR_INITIAL_LINE_STATUS = "placed"
OSCAR_ORDER_STATUS_PIPELINE = {
    "placed": ("packed", "cancelled"),
    "packed": ("handed_over", "cancelled"),
    "handed_over": (),
    "cancelled": (),
}
OSCAR_ORDER_STATUS_CASCADE = {status: status for status in OSCAR_ORDER_STATUS_PIPELINE}
OSCAR_LINE_STATUS_PIPELINE = OSCAR_ORDER_STATUS_PIPELINE

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": one_of("LOG_LEVEL", LOG_LEVELS, "INFO")},
    "loggers": {"django_tasks": {"level": "WARNING"}},  # it writes two lines a task otherwise
}
