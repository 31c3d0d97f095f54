"""Settings for the demo and for development on one's own machine."""

from config.settings.base import *  # noqa: F403
from config.settings.base import STORAGES
from config.settings.environment import env, switch

DEBUG = switch("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="development-only-" + "x" * 40)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
IS_DEMO = switch("LANGSO_DEMO", default=True)
PAGE_CACHE_RAISES = DEBUG
WHITENOISE_USE_FINDERS = DEBUG
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
