"""Settings for tests: quick password hashes, files in a scratch folder, everything else as in production."""

import os
import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import CACHES, STORAGES

SECRET_KEY = "test-only-" + "x" * 40
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
SCRATCH = Path(os.environ.get("LANGSO_TEST_SCRATCH") or tempfile.mkdtemp(prefix="langso-test-"))
MEDIA_ROOT = SCRATCH / "media"
PRIVATE_ROOT = SCRATCH / "private"
STATIC_ROOT = SCRATCH / "static"  # nothing that a demo in this folder has collected
SEARCH_INDEX_DIR = SCRATCH / "index"
MISSED_SEARCHES_DIR = SCRATCH / "missed-searches"
STORAGES["private"]["OPTIONS"] = {"location": PRIVATE_ROOT}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES["default"] = {
    **CACHES["default"],  # its size, too: with Django's 300 entries some would go by chance within a test
    "BACKEND": "base.pagecache.disk.DiskCache",
    "LOCATION": str(SCRATCH / "cache"),
}
PAGE_CACHE_RAISES = True
