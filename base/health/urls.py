"""``/song/`` and ``/san-sang/``, included at the root and outside language prefixes."""

from django.urls import path

from base.health import views

app_name = "health"
urlpatterns = [path("song/", views.alive, name="alive"), path("san-sang/", views.ready, name="ready")]
