"""Addresses of the basket, below ``/gio/``."""

from django.urls import path

from marketplace.basket import views

app_name = "basket_pages"
urlpatterns = [
    path("", views.show, name="show"),
    path("them/", views.add_goods, name="add"),
    path("sua/", views.change, name="change"),
    path("so/", views.count, name="count"),
]
