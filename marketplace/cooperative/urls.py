"""Addresses of the cooperative's desk, below ``/htx/``."""

import datetime as dt

from django.urls import path, register_converter

from marketplace.cooperative import handover_views, people_views, views


class DayConverter:
    """A day in an address: 2026-11-24."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        """Return the day. Raises ValueError (no such address) where the calendar has none."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date | str) -> str:
        """Return the day as it stands in an address."""
        return str(value)


register_converter(DayConverter, "day")

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("hang/<uuid:key>/", views.review, name="review"),
    path("don/", views.orders, name="orders"),
    path("don/<str:code>/", views.order, name="order"),
    path("giao/", handover_views.days, name="pickup_days"),
    path("giao/<int:point>/<day:day>/", handover_views.day, name="pickup_day"),
    path("giao/<int:point>/<day:day>/ghi/", handover_views.note, name="pickup_note"),
    path("nguoi/", people_views.members, name="members"),
    path("nguoi/<int:pk>/", people_views.member, name="member"),
]
