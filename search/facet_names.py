"""What people call the values of the facets that belong to no app: places and languages."""

from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db.models import QuerySet

from base.places.models import Commune, Province
from search import facets, text


def provinces(codes: Sequence[Any]) -> QuerySet[Province, Any]:
    """Return the names of these provinces."""
    return Province.objects.filter(code__in=codes).values_list("code", "full_name")


def communes(codes: Sequence[Any]) -> QuerySet[Commune, Any]:
    """Return the names of these communes."""
    return Commune.objects.filter(code__in=codes).values_list("code", "full_name")


def languages(codes: Collection[str]) -> dict[str, str]:
    """Return what the languages call themselves; one that the site does not know has no name."""
    names = {code: text.clean(str(LANG_INFO[code]["name_local"])) for code in codes if code in LANG_INFO}
    return names | {code: name for code, name in settings.LANGUAGES if code in names}


def register() -> None:
    """Tell the facets."""
    facets.register_labels(facets.LANGUAGE, languages)
    facets.register_rows("tinh", provinces)
    facets.register_rows("xa", communes)
