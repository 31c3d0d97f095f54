"""Where files lie: folders of this machine, or two buckets of an S3-compatible store (docs/operations.md).

Public sizes of photos and private files never share a bucket: one is readable by anybody, the other by the site alone,
whose view asks who may see (media/views.py). What is wrong with these settings, media/checks.py says.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from config.settings.environment import env

MEDIA_BUCKET = env("MEDIA_BUCKET", default="")
PRIVATE_BUCKET = env("PRIVATE_BUCKET", default="")
S3_ENDPOINT_URL = env("S3_ENDPOINT_URL", default="")  # empty: Amazon's own
S3_REGION = env("S3_REGION", default="")
MEDIA_URL = env("MEDIA_URL", default="/tep-anh/")
"""Where the public can read what is in MEDIA_BUCKET, for example https://anh.example.vn/"""


def origin_of(url: str) -> list[str]:
    """Return the origin of an absolute address as a list of one; of a path on this site none."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def storages(private_root: Path) -> dict[str, dict[str, Any]]:
    """Return Django's STORAGES without static files, as the environment says; folders are MEDIA_ROOT and this one."""
    folder = "django.core.files.storage.FileSystemStorage"
    public: dict[str, Any] = {"BACKEND": folder}
    private: dict[str, Any] = {"BACKEND": folder, "OPTIONS": {"location": private_root}}
    if MEDIA_BUCKET:
        public = bucket(MEDIA_BUCKET, S3_ENDPOINT_URL, S3_REGION, MEDIA_URL)
    if PRIVATE_BUCKET:
        private = bucket(PRIVATE_BUCKET, S3_ENDPOINT_URL, S3_REGION)
    return {"default": public, "private": private}


def bucket(name: str, endpoint: str, region: str, public_url: str = "") -> dict[str, Any]:
    """A bucket, read by the public at ``public_url`` or by nobody but us. The keys come from AWS_… as everywhere."""
    public = urlsplit(public_url)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": name,
            "endpoint_url": endpoint or None,
            "region_name": region or None,
            "default_acl": None,  # the bucket's own policy says who reads
            "file_overwrite": False,
            "querystring_auth": not public_url,
            "custom_domain": f"{public.netloc}{public.path}".rstrip("/") if public_url else None,
            "url_protocol": f"{public.scheme or 'https'}:",
            "object_parameters": {
                "CacheControl": "public, max-age=31536000, immutable" if public_url else "private, no-store"
            },
            "client_config": _patience(),
        },
    }


def _patience() -> Any:
    """Seconds instead of boto's minutes, and no checksums in a form that only Amazon understands."""
    try:
        from botocore.config import Config
    except ImportError:  # media.E006 says how to get it
        return None
    return Config(
        connect_timeout=5,
        read_timeout=20,
        retries={"total_max_attempts": 3},
        signature_version="s3v4",
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
