"""Where the pages of old addresses are now. Wagtail's redirects write the rows as a page moves or changes its slug."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length, Substr
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from base.shell.pages import SOURCE_LANGUAGE, ShownPageQuerySet, page_path, path_from_url_path, unexpired


def new_address(path: str, language: str) -> str | None:
    """Return where the page is that answered at this path below the home page before, or None. One query.

    Only a page that anybody may read: a closed or withdrawn one does not say where it moved. As in ``resolver.find``,
    Vietnamese answers for what is not translated.
    """
    wanted = [Redirect.normalise_path(_address(path, code)) for code in (language, SOURCE_LANGUAGE)]
    readable = ShownPageQuerySet(Page).shown().filter(~is_below_withdrawn())
    found = (
        Redirect.objects.filter(
            Q(redirect_page=None) | Q(redirect_page__in=readable.values("pk")),
            Q(site=None) | Q(site__is_default_site=True),
            old_path__in=wanted,
        )
        .select_related("redirect_page")
        .order_by("pk")
    )
    row = min(found, key=lambda each: wanted.index(each.old_path), default=None)
    if row is None:
        return None
    return page_path(row.redirect_page, language) if row.redirect_page else row.redirect_link or None


def _address(path: str, language: str) -> str:
    return path_from_url_path(f"/home/{path}", language)


def is_below_withdrawn() -> Exists:
    """Whether a page above is a draft or past its end: a lesson goes with its course."""
    above = Page.objects.annotate(above=Substr(OuterRef("path"), 1, Length("path")))
    return Exists(above.filter(Q(live=False) | ~unexpired(), path=F("above")))
