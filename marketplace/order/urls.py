"""Addresses where a buyer follows a purchase, below ``/don/``."""

from django.urls import path

from marketplace.order import views

app_name = "follow"
urlpatterns = [
    path("", views.lookup, name="lookup"),
    path("<str:code>/", views.show, name="show"),
]
