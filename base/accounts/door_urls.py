"""The sign-in pages of Wagtail, Django's admin and Oscar: they would let in by phone and password alone, or reset a
password by e-mail. Include at "" before those admins, outside language prefixes: each leads to our own."""

from django.urls import path

from base.accounts.views import another_door

urlpatterns = [
    path("quan-tri/login/", another_door, name="door_of_wagtail"),
    path("quan-tri/password_reset/", another_door, name="door_of_wagtail_reset"),
    path("quan-tri/he-thong/login/", another_door, {"back": "/quan-tri/he-thong/"}, name="door_of_admin"),
    path("quan-tri/cho/login/", another_door, {"back": "/quan-tri/cho/"}, name="door_of_oscar"),
]
