"""Addresses of the cooperative's desk, below ``/htx/``."""

from django.urls import path

from marketplace.cooperative import people_views, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("hang/<uuid:key>/", views.review, name="review"),
    path("don/", views.orders, name="orders"),
    path("don/<str:code>/", views.order, name="order"),
    path("nguoi/", people_views.members, name="members"),
    path("nguoi/<int:pk>/", people_views.member, name="member"),
]
