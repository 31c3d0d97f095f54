"""Slugs that would hide another part of the site."""

import pytest
from django.conf import settings
from django.urls import get_resolver
from django.urls.resolvers import LocalePrefixPattern, URLResolver

from base.shell import reserved


def _first_segments(resolver: URLResolver) -> set[str]:
    found: set[str] = set()
    for pattern in resolver.url_patterns:
        prefix = "" if isinstance(pattern.pattern, LocalePrefixPattern) else str(pattern.pattern)
        first = prefix.lstrip("^").partition("/")[0]
        if first:
            found.add(first)
        elif isinstance(pattern, URLResolver):
            found |= _first_segments(pattern)
    return found


def test_every_first_segment_that_is_mounted_is_reserved() -> None:
    mounted = {segment for segment in _first_segments(get_resolver()) if segment.replace("-", "").isalpha()}
    assert mounted - reserved.FIRST_SEGMENTS == set()


@pytest.mark.parametrize("slug", ["cho", "hoc", "thu-tuc", "quan-tri", "api", "en", "hmn"])
def test_refusal_of_a_reserved_first_segment_says_so_in_words(slug: str) -> None:
    assert slug in reserved.refusal(slug, depth=reserved.FIRST_SEGMENT_DEPTH)


def test_refusal_lets_through_what_is_deeper_what_is_its_own_and_what_is_free() -> None:
    first = reserved.FIRST_SEGMENT_DEPTH
    assert [
        reserved.refusal("cho", depth=first + 1),
        reserved.refusal("hoc", depth=first, own="hoc"),
        reserved.refusal("tin-xa", depth=first),
    ] == ["", "", ""]


def test_every_language_of_the_site_is_reserved() -> None:
    codes = [code for code, _name in settings.LANGUAGES]
    assert all(reserved.refusal(code, depth=reserved.FIRST_SEGMENT_DEPTH) for code in codes)
