"""Address of the checkout, ``/dat-hang/``."""

from django.urls import path

from marketplace.checkout import views

app_name = "checkout_pages"
urlpatterns = [path("", views.start, name="start")]
