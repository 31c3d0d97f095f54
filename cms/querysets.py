"""Named reads of articles."""

from __future__ import annotations

from django.db.models import Prefetch
from wagtail.models import PageManager

from base.shell.pages import ShownPageQuerySet
from media.models import Photo


class PolicyPageQuerySet(ShownPageQuerySet):
    """Articles."""

    def newest(self) -> PolicyPageQuerySet:
        """Newest first, with language, covers and their small renditions, without the long texts."""
        covers = Photo.objects.with_renditions("thumb")
        return (
            self.select_related("locale")
            .prefetch_related(Prefetch("cover", queryset=covers))
            .defer("body")
            .order_by("-first_published_at", "-pk")
        )


PolicyPageManager = PageManager.from_queryset(PolicyPageQuerySet)
