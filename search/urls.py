"""Addresses of the search: /tim/ with its filters (printed on paper, stable), completion, and the read API."""

from django.urls import path

from search import api, views

app_name = "search_pages"
urlpatterns = [
    path("tim/", views.results, name="results"),
    path("tim/goi-y/", api.suggestions, name="suggestions"),
    path("api/v1/tim", api.found, name="api_found"),
    path("api/v1/openapi.json", api.description, name="api_description"),
    path("api/<path:rest>", api.unknown, name="api_unknown"),
]
