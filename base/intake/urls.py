"""Addresses of the intake, below ``/gui/``: they speak JSON and have no language of their own."""

from django.urls import path, register_converter

from base.intake import views
from base.intake.wire import SHA256


class Sha256:
    """64 hex digits in an address."""

    regex = SHA256.pattern

    def to_python(self, value: str) -> str:
        """Return it."""
        return value

    def to_url(self, value: str) -> str:
        """Return it."""
        return value


register_converter(Sha256, "sha256")

app_name = "intake"
urlpatterns = [
    path("", views.take, name="take"),
    path("toi/", views.me, name="me"),
    path("ra/", views.leave, name="leave"),
    path("tep/<sha256:sha256>/", views.file, name="file"),
]
