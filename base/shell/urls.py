"""The style guide, mounted by config only while DEBUG is on."""

from django.urls import path

from base.shell.guide import guide

app_name = "shell"
urlpatterns = [path("", guide, name="guide")]
