"""Articles for the search: what anybody may read at this moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.utils.translation import gettext_lazy as _

from base.prepared import params, prepared, room
from base.shell.pages import page_path, path_from_url_path
from cms.models import PolicyPage, Topic
from media.blocks import plain_words
from search.documents import Card, SearchDocument

BATCH = 100
ICONS = {"policy": "law", "health": "health", "farming": "leaf"}


class PolicyDocuments:
    """Kind "policy": articles on policy, health and farming."""

    kind = "policy"
    label = _("Articles")
    asked_as = ("chinh sach", "bai viet", "tin")
    template_name = "search/card.html"

    def public(self, ids: Collection[str] | None = None) -> Iterable[SearchDocument]:
        """Yield what anybody may see now, of these ids or of all."""
        for page in self._shown(ids).iterator(chunk_size=BATCH):
            language = page.locale.language_code
            facts = f"{page.document_number} {page.issuer} {page.get_topic_display()}"
            yield SearchDocument(
                kind=self.kind,
                object_id=page.pk,
                title=page.title,
                summary=page.summary,
                body=f"{page.summary} {plain_words(page.body)} {facts}",
                url=page_path(page, language),
                language=language,
                facets={"chu-de": page.topic},
                published_at=page.first_published_at,
            )

    def cards(self, ids: Collection[str]) -> Mapping[str, Card]:
        """Return cards of those of these ids that anybody may see now, in one query."""
        wanted = [int(pk) for pk in ids if pk.isdecimal()]
        rows = _cards(room(len(wanted))).rows(ids=wanted) if wanted else ()
        return {
            str(pk): Card(
                title=title,
                url=path_from_url_path(url_path),
                summary=summary,
                language=language,
                until=until,
                extra={"icon": ICONS.get(topic, "law"), "note": Topic(topic).label},
            )
            for pk, title, url_path, summary, language, until, topic in rows
        }

    def _shown(self, ids: Collection[str] | None) -> Any:
        pages = PolicyPage.objects.shown().select_related("locale").order_by("pk")
        return pages if ids is None else pages.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal()])


@prepared
def _cards(count: int) -> QuerySet[PolicyPage, Any]:
    found: QuerySet[PolicyPage, Any] = PolicyPage.objects.shown().filter(
        id__in=params("ids", count, BigIntegerField())
    )
    return found.order_by().values_list(
        "pk", "title", "url_path", "summary", "locale__language_code", "expire_at", "topic"
    )
