"""The service worker's address: at the root, without a language, because what it may serve is below its own folder."""

from django.urls import path

from base.offline import views

app_name = "worker"
urlpatterns = [path("sw.js", views.worker, name="script")]
