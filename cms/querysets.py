"""Named reads of articles."""

from __future__ import annotations

from typing import Self

from wagtail.models import PageManager

from base.shell.pages import ShownPageQuerySet
from media.renditions import prefetch


class PolicyPageQuerySet(ShownPageQuerySet):
    """Articles."""

    def newest(self) -> Self:
        """Newest first, with language, covers and their small renditions, without the long texts."""
        listed: Self = (
            self.select_related("locale", "cover")
            .prefetch_related(prefetch("cover", "thumb"))
            .defer("body")
            .order_by("-first_published_at", "-pk")
        )
        return listed


PolicyPageManager = PageManager.from_queryset(PolicyPageQuerySet)
