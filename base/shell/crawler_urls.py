"""robots.txt and sitemaps, included at the root and outside language prefixes."""

from django.urls import path

from base.shell import crawlers

app_name = "crawlers"
urlpatterns = [
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("sitemap-<slug:kind>-<int:number>.xml", crawlers.part, name="part"),
]
