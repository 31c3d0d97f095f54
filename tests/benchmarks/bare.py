"""The yardstick of `make bench`: a bare Django view of 14 KB, in a project without middleware, apps or database."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

BODY: Final = "<p>Rau cải mèo, 15.000 ₫/kg</p>\n" * 400


def bare(request: HttpRequest) -> HttpResponse:
    """Answer 14 KB of text."""
    return HttpResponse(BODY)


urlpatterns = [path("", bare)]

if not settings.configured:  # gunicorn loads this module by name: `tests.benchmarks.bare:application`
    settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="bench", ALLOWED_HOSTS=["*"], MIDDLEWARE=[])
application = get_wsgi_application()
