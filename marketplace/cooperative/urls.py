"""Addresses of the cooperative's desk, below ``/htx/``."""

from django.urls import path

from marketplace.cooperative import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("hang/<uuid:key>/", views.review, name="review"),
    path("don/", views.orders, name="orders"),
    path("don/<str:code>/", views.order, name="order"),
]
