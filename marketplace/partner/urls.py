"""Addresses of a household's selling desk, below ``/ban/``."""

from django.urls import path

from marketplace.partner import views

app_name = "selling"
urlpatterns = [
    path("", views.home, name="home"),
    path("hang/them/", views.add, name="add"),
    path("hang/<uuid:key>/", views.edit, name="edit"),
    path("hang/<uuid:key>/con-lai/", views.amount, name="amount"),
    path("hang/<uuid:key>/cat-di/", views.put_away, name="put_away"),
    path("hang/<uuid:key>/ban-lai/", views.put_back, name="put_back"),
    path("don/", views.lines, name="lines"),
]
