"""Address of the search page: /tim/?q=&loai=&trang= (printed on paper, stable)."""

from django.urls import path

from search import views

app_name = "search_pages"
urlpatterns = [path("tim/", views.results, name="results")]
