"""The yardstick of photo pages: the site with one page more, an empty one of ours with one photo (``/_anh/?src=…``).

Only `make bench` serves this application; the address does not exist in the site itself.
"""

from __future__ import annotations

import os
from typing import Final

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
settings.ROOT_URLCONF = __name__
application = get_wsgi_application()

from django.http import Http404, HttpRequest, HttpResponse  # noqa: E402  (the apps must be loaded)
from django.template import RequestContext, Template  # noqa: E402
from django.urls import path  # noqa: E402

from base import pagecache  # noqa: E402
from base.access import matrix  # noqa: E402
from config import urls as site_urls  # noqa: E402

PAGE: Final = Template(
    '{% extends "shell/base.html" %}{% block title %}Ảnh{% endblock %}'
    '{% block main %}<img class="photo" src="{{ src }}" width="720" height="540" alt="" decoding="async">{% endblock %}'
)


@pagecache.public_page(query=("src",))
def photo(request: HttpRequest) -> HttpResponse:
    """Answer the frame with one photo of this site."""
    src = request.GET.get("src", "")
    if not src.startswith(settings.MEDIA_URL):
        raise Http404
    return HttpResponse(PAGE.render(RequestContext(request, {"src": src})))


matrix.register([matrix.named("bench", "see", {matrix.Role.ANYONE}, matrix.Scope.ALL, "bench_photo")])
urlpatterns = [path("_anh/", photo, name="bench_photo"), *site_urls.urlpatterns]
