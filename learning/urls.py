"""What is personal in learning; courses and lessons themselves are Wagtail pages under /hoc/."""

from django.urls import path

from learning import views

app_name = "learn"

urlpatterns = [
    path("hoc/cua-toi/", views.mine, name="mine"),
    path("hoc/cua-toi/tra-loi/", views.answer, name="answer"),
    path("hoc/cua-toi/bai/<int:lesson_id>/", views.lesson, name="lesson"),
]
