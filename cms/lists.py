"""Lists of articles on a section page: by topic, by page, in the language that is being read."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import TextChoices
from django.http import HttpRequest
from wagtail.models import Page

from base.pagecache import expires_at
from base.shell.pages import page_path
from cms.querysets import PolicyPageQuerySet

PAGE_SIZE = 12


def articles_on(
    section: Page, request: HttpRequest, articles: PolicyPageQuerySet, topics: type[TextChoices]
) -> dict[str, Any]:
    """Return context for a list: `articles` (one page of them), `topic` (chosen or ""), `topics` (choices).

    Under another language the shelf also holds what stands on its Vietnamese original, untranslated.
    """
    on_shelf = articles.shown().on_shelf(section).in_reading_language()
    topic = request.GET.get("chu-de", "")
    if topic in topics.values:
        on_shelf = on_shelf.filter(topic=topic)
    else:
        topic = ""
    page = Paginator(on_shelf.newest(), PAGE_SIZE).get_page(request.GET.get("trang"))
    for article in page:
        expires_at(request, article.expire_at)
    return {"articles": page, "topic": topic, "topics": topics.choices, "section_path": page_path(section)}
