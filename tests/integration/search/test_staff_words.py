"""Synonyms and searches without result in Wagtail's admin: who may, what is refused, what a preview shows."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from search import dictionary
from search.documents import Hit
from search.engines import current_engine
from search.engines.base import Changes
from search.finding import find
from search.models import MissedSearch, Synonym
from tests.factories.accounts import UserFactory
from tests.integration.search.sources import ShelfSource, good

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_synonyms")]

LIST = reverse("wagtailsnippets_site_search_synonym:list")
ADD = reverse("wagtailsnippets_site_search_synonym:add")
TRY = reverse("search_try_synonym")
MISSED = reverse("search_missed")


def signed_in(*groups: str) -> Client:
    user = UserFactory()
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor() -> Client:
    """An editor: she may write, not publish."""
    return signed_in("Biên tập viên")


@pytest.fixture
def shop(index_dir: Path, products: ShelfSource) -> ShelfSource:
    """Two goods."""
    products.put(good(1, "Củ nén"), good(2, "Gừng gió"))
    current_engine().write(Changes(list(products.public()), []))
    return products


def entered(**fields: str) -> dict[str, str]:
    return {
        "kind": "one-way",
        "words": "hành tăm",
        "finds": "củ nén",
        "language": "vi",
        "is_active": "on",
    } | fields


def titles(hits: Iterable[Hit]) -> list[str]:
    return [hit.card.title for hit in hits]


@pytest.mark.parametrize("group", ["Biên tập viên", "Người duyệt", "Nhân viên nền tảng"])
def test_every_group_of_staff_may_open_the_screens(group: str) -> None:
    client = signed_in(group)
    assert [client.get(address).status_code for address in (LIST, ADD, MISSED)] == [200, 200, 200]


@pytest.mark.parametrize("address", [LIST, ADD, MISSED, TRY])
def test_nobody_else_may(address: str) -> None:
    for client in (Client(), signed_in()):
        response = client.post(address, entered()) if address == TRY else client.get(address)
        assert response.status_code in (302, 403)
        assert "hành tăm" not in response.content.decode()
    assert not Synonym.objects.filter(words="hành tăm").exists()


def test_nobody_deletes_a_synonym() -> None:
    client = Client()
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    synonym = Synonym.objects.exclude(shipped_as=None).first()
    assert synonym is not None
    client.post(reverse("wagtailsnippets_site_search_synonym:delete", args=[synonym.pk]))
    assert Synonym.objects.filter(pk=synonym.pk).exists()


@pytest.mark.usefixtures("shop")
def test_what_is_saved_is_found_at_once_and_says_who_did_it(
    editor: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert not find("hành tăm").hits
    with django_capture_on_commit_callbacks(execute=True):
        response = editor.post(ADD, entered(words="  hành   tăm "))
    assert response.status_code == 302
    synonym = Synonym.objects.get(words="hành tăm")
    assert synonym.changed_by is not None
    assert synonym.changed_at is not None
    assert titles(find("hành tăm").hits) == ["Củ nén"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"words": ""}, "Chưa điền chỗ này."),
        ({"words": ", ,"}, "Hãy viết ít nhất một từ."),
        ({"words": "!!!"}, "không có chữ nào"),
        ({"words": "hành tăm, Hành Tăm"}, "viết hai lần"),
        ({"words": "hoà, hòa"}, "viết hai lần"),
        ({"words": "một hai ba bốn năm"}, "dài quá"),
        ({"words": ", ".join(f"từ{number}" for number in range(13))}, "Nhiều từ quá"),
        ({"finds": ""}, "Hãy viết từ cần tìm thêm."),
        ({"finds": "hành tăm"}, "có ở cả hai bên"),
        ({"kind": "same", "finds": ""}, "ít nhất hai từ"),
        ({"kind": "same", "words": "a, b", "language": "bdq"}, "Từ tiếng dân tộc"),
        ({"kind": "same", "words": "heo, lợn"}, "Đã có từ đồng nghĩa này rồi"),
        ({"words": "đậu", "finds": "đỗ"}, "thành vòng tròn"),
        ({"language": "xx"}, "language"),
        ({"words": "x" * 301}, "300"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_the_field(
    editor: Client, fields: dict[str, str], error: str
) -> None:
    before = Synonym.objects.count()
    response = editor.post(ADD, entered(**fields))
    assert response.status_code == 200
    assert error in response.content.decode()
    assert Synonym.objects.count() == before


@pytest.mark.usefixtures("shop")
def test_the_preview_shows_before_and_after_and_saves_nothing(editor: Client) -> None:
    before = Synonym.objects.count()
    response = editor.post(TRY, entered(example="hành tăm"))
    assert titles(response.context["before"]) == []
    assert [(hit.card.title, is_new) for hit, is_new in response.context["after"]] == [("Củ nén", True)]
    assert "hành tăm" in response.content.decode()
    assert Synonym.objects.count() == before
    assert not find("hành tăm").hits


@pytest.mark.usefixtures("shop")
def test_the_preview_of_a_change_leaves_out_what_stood_there(editor: Client) -> None:
    synonym = Synonym.objects.create(kind="one-way", words="hành tăm", finds="củ nén")
    dictionary.forget()
    response = editor.post(
        TRY, entered(synonym=str(synonym.pk), words="hành tăm", finds="gừng gió", example="hành tăm")
    )
    assert titles(response.context["before"]) == ["Củ nén"]
    assert titles(hit for hit, _ in response.context["after"]) == ["Gừng gió"]


@pytest.mark.parametrize("synonym", ["0", "x", "9" * 30, "-1"])
def test_a_preview_of_nonsense_says_what_is_wrong(editor: Client, synonym: str) -> None:
    response = editor.post(TRY, entered(words="", synonym=synonym, example="<script>"))
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    assert not response.context["is_valid"]


def test_one_tap_from_what_was_not_found_to_the_form(editor: Client) -> None:
    MissedSearch.objects.create(words='hành tăm & "khô"', day=timezone.localdate(), count=3, nothing_count=3)
    page = editor.get(MISSED).content.decode()
    assert "hành tăm &amp; &quot;khô&quot;" in page
    address = f"{ADD}?words=h%C3%A0nh%20t%C4%83m%20%26%20%22kh%C3%B4%22"
    assert address in page
    form = editor.get(address).context["form"]
    assert (form.initial["words"], form.initial["kind"]) == ('hành tăm & "khô"', "one-way")
