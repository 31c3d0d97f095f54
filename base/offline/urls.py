"""What people and phones ask for, in each language."""

from django.urls import path

from base.offline import views

app_name = "offline"
urlpatterns = [
    path("manifest.webmanifest", views.install, name="install"),
    path("ngoai-mang/", views.nothing, name="nothing"),
    path("tai-ve/", views.saved, name="saved"),
    path("tai-ve/goi/", views.contact, name="contact"),
    path("tai-ve/goi/<slug:kind>/<slug:id>/", views.pack, name="pack"),
    path("tai-ve/goi/<slug:kind>/<slug:id>/goi.langso", views.carried, name="carried"),
    path("tai-ve/goi/<slug:kind>/<slug:id>/<str:name>/", views.file, name="file"),
]
