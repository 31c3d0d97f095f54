"""Addresses of the site (design.md, "Addresses"): stable, because they are printed on paper."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
