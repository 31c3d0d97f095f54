"""Addresses of the site (design.md, "Addresses"): stable, because they are printed on paper.

Third parties' admins and what speaks no language come first and bare; everything a person reads is below
``i18n_patterns`` (Vietnamese without a prefix, ``/en/…`` with one); Wagtail's catch-all is last.
"""

from importlib.util import find_spec

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from wagtail.admin import urls as wagtailadmin_urls

handler400 = "base.shell.errors.bad_request"
handler403 = "base.shell.errors.permission_denied"
handler404 = "base.shell.errors.page_not_found"
handler500 = "base.shell.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("base.health.urls")),
    path("", include("base.accounts.door_urls")),  # before the admins, whose own sign-in pages it closes
    path("quan-tri/he-thong/", admin.site.urls),
    path("quan-tri/cho/", apps.get_app_config("dashboard").urls),
    path("quan-tri/", include(wagtailadmin_urls)),
    path("", include("media.urls")),
]
if settings.DEBUG:
    urlpatterns.append(path("_khung/", include("base.shell.urls")))

LATER = [
    name
    for name in (
        "base.accounts.urls",
        "learning.urls",
        "marketplace.partner.urls",
        "marketplace.cooperative.urls",
    )
]
HAVE = {name for name in LATER if find_spec(name)}

urlpatterns += i18n_patterns(
    path("cho/", include("marketplace.catalogue.urls")),
    path("gio/", include("marketplace.basket.urls")),
    path("dat-hang/", include("marketplace.checkout.urls")),
    path("don/", include("marketplace.order.urls")),
    *([path("ban/", include("marketplace.partner.urls"))] if "marketplace.partner.urls" in HAVE else []),
    *(
        [path("htx/", include("marketplace.cooperative.urls"))]
        if "marketplace.cooperative.urls" in HAVE
        else []
    ),
    path("", include("search.urls")),
    *([path("", include("base.accounts.urls"))] if "base.accounts.urls" in HAVE else []),
    *([path("", include("learning.urls"))] if "learning.urls" in HAVE else []),
    path("", include("cms.urls")),
    prefix_default_language=False,
)
