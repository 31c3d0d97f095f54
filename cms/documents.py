"""Articles for the search: what anybody may read at this moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from base.shell.pages import page_path
from cms.models import PolicyPage
from media.blocks import plain_words
from search.documents import Card, SearchDocument

BATCH = 100
ICONS = {"policy": "law", "health": "health", "farming": "leaf"}


class PolicyDocuments:
    """Kind "policy": articles on policy, health and farming."""

    kind = "policy"
    label = _("Articles")
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
                facets={"topic": page.topic},
            )

    def cards(self, ids: Collection[str]) -> Mapping[str, Card]:
        """Return cards of those of these ids that anybody may see now, in one query."""
        return {
            str(page.pk): Card(
                title=page.title,
                url=page_path(page),
                summary=page.summary,
                language=page.locale.language_code,
                until=page.expire_at,
                extra={"icon": ICONS.get(page.topic, "law"), "note": page.get_topic_display()},
            )
            for page in self._shown(ids).defer("body")
        }

    def _shown(self, ids: Collection[str] | None) -> Any:
        pages = PolicyPage.objects.shown().select_related("locale").order_by("pk")
        return pages if ids is None else pages.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal()])
