"""Articles for the search: what anybody may read at this moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.prepared import params, prepared, room
from base.shell.pages import page_path, path_from_url_path
from cms.models import PolicyPage, Topic
from cms.validity import State, state_on
from media.blocks import plain_words
from search.documents import Card, SearchDocument
from search.indexing import changed

BATCH = 100
ICONS = {"policy": "law", "health": "health", "farming": "leaf"}


class PolicyDocuments:
    """Kind "policy": articles on policy, health and farming."""

    kind = "policy"
    label = _("Articles")
    asked_as = ("chinh sach", "bai viet", "tin")
    narrowed_by = ("chu-de", "hieu-luc", "tieng")
    template_name = "search/card.html"

    def public(self, ids: Collection[str] | None = None) -> Iterable[SearchDocument]:
        """Yield what anybody may see now, of these ids or of all."""
        today = timezone.localdate()
        for page in self._shown(ids).iterator(chunk_size=BATCH):
            state = state_on(today, page.in_force_from, page.in_force_until)
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
                facets={"chu-de": page.topic} | ({"hieu-luc": state.value} if state else {}),
                is_in_force=state is not State.ENDED,
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


def topic_names(values: Collection[str]) -> dict[str, str]:
    """Return what people call these topics."""
    return {value: str(Topic(value).label) for value in values if value in Topic.values}


def state_names(values: Collection[str]) -> dict[str, str]:
    """Return how these states of a document are said."""
    return {value: str(State(value).label) for value in values if value in State.values}


def index_what_turned() -> None:
    """Have articles indexed whose document begins to bind today or ended yesterday; repeating changes nothing."""
    today = timezone.localdate()
    turned = Q(in_force_from=today) | Q(in_force_until=today - dt.timedelta(days=1))
    with transaction.atomic():
        for pk in PolicyPage.objects.shown().filter(turned).values_list("pk", flat=True):
            changed(PolicyDocuments.kind, pk)


@prepared
def _cards(count: int) -> QuerySet[PolicyPage, Any]:
    found: QuerySet[PolicyPage, Any] = PolicyPage.objects.shown().filter(
        id__in=params("ids", count, BigIntegerField())
    )
    return found.order_by().values_list(
        "pk", "title", "url_path", "summary", "locale__language_code", "expire_at", "topic"
    )
