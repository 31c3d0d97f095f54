"""Addresses of files. Include at the root of the site: ``path("", include("media.urls"))``."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import URLPattern, path, re_path

from media import views

app_name = "media"

urlpatterns: list[URLPattern] = [
    path("tep/anh/<uuid:key>/", views.photo, name="photo"),
    path("tep/anh/<uuid:key>/<str:name>", views.private_rendition, name="private_rendition"),
    path("tep/<uuid:key>/", views.attachment, name="attachment"),
]

if not urlsplit(settings.MEDIA_URL).netloc:  # the files lie here and not on another host
    prefix = settings.MEDIA_URL.lstrip("/")
    urlpatterns.append(
        re_path(rf"^{prefix}(?P<name>anh/[0-9a-f]{{2}}/[\w.-]+)$", views.public, name="public")
    )
