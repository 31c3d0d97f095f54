"""Who is indexed."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from search import registry
from tests.integration.search.sources import ShelfSource


def test_a_second_registration_of_a_kind_is_an_error() -> None:
    with registry.only(ShelfSource("product")), pytest.raises(ImproperlyConfigured, match="registered twice"):
        registry.register(ShelfSource("product"))


@pytest.mark.parametrize("kind", ["", "Hàng", "a:b", "a b", "1a", "x" * 40])
def test_a_kind_is_a_plain_word(kind: str) -> None:
    with registry.only(), pytest.raises(ImproperlyConfigured, match="lower-case ASCII word"):
        registry.register(ShelfSource(kind))


def test_only_puts_back_what_was_registered() -> None:
    before = registry.sources()
    with registry.only(ShelfSource("rare")):
        assert list(registry.sources()) == ["rare"]
    assert registry.sources() == before
