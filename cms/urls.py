"""Wagtail's pages and the two small pages that its view restrictions need. Goes last in config.urls."""

from django.urls import path, re_path
from django.views.generic import RedirectView
from wagtail.urls import serve_pattern

from cms import resolver, views

urlpatterns = [
    path(
        "_util/mat-khau/<int:page_view_restriction_id>/<int:page_id>/",
        views.open_with_password,
        name="wagtailcore_authenticate_with_password",
    ),
    path(
        "_util/dang-nhap/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="wagtailcore_login",
    ),
    re_path(serve_pattern, resolver.serve, name="wagtail_serve"),
]
