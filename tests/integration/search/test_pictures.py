"""Pictures beside suggestions and in the API: only of goods that have a rendered photo that anybody may see."""

from pathlib import Path

import brotli
import pytest
from django.test import Client
from pytest_django import Settings

from base import outbox
from media.photos import publish, withdraw
from media.pictures import addresses
from search import indexing
from search.suggest import suggest
from tests.factories.market import make_photo
from tests.factories.orders import make_goods

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).parents[3] / "base/shell/static/shell/search.js"
MOST_BYTES = 1536


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.usefixtures("folder", "index_dir")
def test_a_picture_is_shown_while_it_is_public_and_rendered(client: Client) -> None:
    goods = make_goods(title="Gừng trâu")
    photo = make_photo()
    type(goods).objects.filter(pk=goods.pk).update(cover=photo)
    indexing.changed("product", goods.pk)
    outbox.drain()

    def images() -> list[str]:
        return [one.image for one in suggest("gừng t")]

    assert images() == [""]  # rendered, but not public
    publish(photo)
    outbox.drain()
    address = addresses([photo.pk], "thumb")[photo.pk]
    assert address.endswith(".webp")
    assert images() == [address]
    assert [one["image"] for one in client.get("/tim/goi-y/", {"q": "gung"}).json()["suggestions"]] == [
        address
    ]
    [result] = client.get("/api/v1/tim", {"q": "gung trau"}).json()["results"]
    assert result["image"] == f"http://testserver{address}"
    assert (result["price_vnd"], result["unit"]) == (25_000, "kg")
    saving = client.get("/tim/goi-y/", {"q": "gung"}, headers={"Save-Data": "on"}).json()
    assert [one["icon"] for one in saving["suggestions"]] == ["market"]
    withdraw(photo)
    outbox.drain()
    assert images() == [""]
    assert addresses([photo.pk], "thumb") == {}
    assert addresses([], "thumb") == {}


def test_the_script_of_the_search_box_stays_small() -> None:
    assert len(brotli.compress(SCRIPT.read_bytes())) <= MOST_BYTES
