"""Addresses of the site (design.md, "Addresses"): stable, because they are printed on paper.

Third parties' admins and what speaks no language come first and bare; everything a person reads is below
``i18n_patterns`` (Vietnamese without a prefix, ``/en/…`` with one); Wagtail's catch-all is last.
"""

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from wagtail.admin import urls as wagtailadmin_urls

handler400 = "base.shell.errors.bad_request"
handler403 = "base.shell.errors.permission_denied"
handler404 = "base.shell.errors.page_not_found"
handler429 = "base.shell.errors.too_many"  # not Django's: allauth looks for it
handler500 = "base.shell.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("base.health.urls")),
    path("", include("base.shell.crawler_urls")),
    path("", include("base.accounts.door_urls")),  # before the admins, whose own sign-in pages it closes
    path("quan-tri/he-thong/", admin.site.urls),
    path("quan-tri/cho/", apps.get_app_config("dashboard").urls),  # type: ignore[attr-defined]  # Oscar's have
    path("quan-tri/", include(wagtailadmin_urls)),
    path("", include("media.urls")),
    path("gui/", include("base.intake.urls")),
    path("", include("base.offline.worker_urls")),
]
if settings.DEBUG:
    urlpatterns.append(path("_khung/", include("base.shell.urls")))

urlpatterns += i18n_patterns(
    path("cho/", include("marketplace.catalogue.urls")),
    path("gio/", include("marketplace.basket.urls")),
    path("dat-hang/", include("marketplace.checkout.urls")),
    path("don/", include("marketplace.order.urls")),
    path("ban/", include("marketplace.partner.urls")),
    path("htx/", include("marketplace.cooperative.urls")),
    path("", include("search.urls")),
    path("", include("base.accounts.urls")),
    path("", include("base.offline.urls")),
    path("", include("learning.urls")),
    path("", include("cms.urls")),
    prefix_default_language=False,
)
