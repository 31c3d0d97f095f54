"""Addresses of the market's public pages, below ``/cho/``."""

from django.urls import path

from marketplace.catalogue import views

app_name = "market"
urlpatterns = [
    path("", views.market_list, name="list"),
    path("ho/<slug:slug>/", views.household_detail, name="household"),
    path("htx/<slug:slug>/", views.cooperative_detail, name="cooperative"),
    path("<slug:slug>-<int:pk>/", views.product_detail, name="product"),
]
