"""Writer, reviewer, reader: what is public when, in pages and in search."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page, Workflow

from base.accounts.models import User
from base.shell.pages import page_path
from cms.documents import PolicyDocuments
from cms.models import PolicyPage
from tests.factories import pages
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

RIGHT = "permission__codename"


def _member(group: str) -> User:
    user: User = UserFactory.create()
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def editor() -> User:
    return _member("Biên tập viên")


@pytest.fixture
def reviewer() -> User:
    return _member("Người duyệt")


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _form(title: str, slug: str, words: str, **extra: str) -> dict[str, str]:
    return {
        "title": title, "slug": slug, "topic": "policy", "summary": "Ai được vay.", "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0", "comments-MAX_NUM_FORMS": "",
        "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "callout", "body-0-id": "",
        "body-0-value-kind": "tip", "body-0-value-text": words, **extra,
    }  # fmt: skip


def _is_public(page: Page) -> tuple[int, int]:
    """Status for a stranger, and how many documents search would be given."""
    return Client().get(page_path(page)).status_code, len(list(PolicyDocuments().public([str(page.pk)])))


def test_article_is_public_only_after_a_reviewer_approved_it(
    editor: User, reviewer: User, django_capture_on_commit_callbacks: Any
) -> None:
    writing, reading = _signed_in(editor), _signed_in(reviewer)
    add = reverse("wagtailadmin_pages:add", args=["cms", "policypage", pages.section().pk])
    with django_capture_on_commit_callbacks(execute=True):
        made = writing.post(add, _form("Vay vốn", "vay-von", "Hỏi UBND xã.", **{"action-submit": "1"}))
    assert made.status_code == 302, made.context["form"].errors
    page = PolicyPage.objects.get(slug="vay-von")
    assert _is_public(page) == (404, 0)
    task_state = page.current_workflow_task_state
    approve = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task_state.pk])
    with django_capture_on_commit_callbacks(execute=True):
        writing.post(approve)
    assert _is_public(page) == (404, 0)
    with django_capture_on_commit_callbacks(execute=True):
        reading.post(approve)
    assert _is_public(page) == (200, 1)


def test_editor_reads_why_an_article_was_sent_back_until_it_is_handed_in_again(
    editor: User, reviewer: User
) -> None:
    writing, reading = _signed_in(editor), _signed_in(reviewer)
    page = pages.article("Vay vốn", live=False, owner=editor)
    edit, front = reverse("wagtailadmin_pages:edit", args=[page.pk]), reverse("wagtailadmin_home")
    answer = writing.post(edit, _form("Vay vốn", page.slug, "Hỏi UBND xã.", **{"action-submit": "1"}))
    assert answer.status_code == 302, answer.context["form"].errors
    assert "chờ người duyệt" in writing.get(front).content.decode()
    assert "ị trả lại để sửa" not in writing.get(edit).content.decode()
    state = page.current_workflow_task_state
    reject = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "reject", state.pk])
    reading.post(reject, {"comment": "Chưa có nguồn <số tiền>."})
    for address in (edit, front):
        body = writing.get(address).content.decode()
        assert all(words in body for words in ("Chưa có nguồn &lt;số tiền&gt;.", "ị trả lại để sửa"))
    assert "Changes requested" not in body
    writing.post(edit, _form("Vay vốn", page.slug, "Nguồn: xã.", **{"action-submit": "1"}))
    assert "Chưa có nguồn" not in writing.get(edit).content.decode()


def test_editor_cannot_publish_past_the_approval(editor: User) -> None:
    page = pages.article("Bản nháp", live=False)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    _signed_in(editor).post(edit, _form("Bản nháp", page.slug, "x", **{"action-publish": "1"}))
    assert _is_public(page) == (404, 0)


def test_withdrawn_article_is_gone_at_once_from_page_lists_and_search(
    reviewer: User, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    page = pages.article()
    assert _is_public(page) == (200, 1)
    assert page.title in client.get("/chinh-sach/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        _signed_in(reviewer).post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert _is_public(page) == (404, 0)
    assert page.title not in client.get("/chinh-sach/").content.decode()


def test_change_of_a_live_article_is_seen_only_after_approval(
    editor: User, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    page = pages.article()
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    with django_capture_on_commit_callbacks(execute=True):
        _signed_in(editor).post(edit, _form("Tên mới", page.slug, "Lời mới", **{"action-submit": "1"}))
    assert "Tên mới" not in client.get(page_path(page)).content.decode()


def test_closed_article_is_no_document_and_no_card() -> None:
    from wagtail.models import PageViewRestriction

    page = pages.article()
    source, ids = PolicyDocuments(), [str(page.pk)]
    assert list(source.cards(ids)) == ids
    PageViewRestriction.objects.create(page=pages.section(), restriction_type="login")
    assert (list(source.public(ids)), list(source.cards(ids))) == ([], [])


def test_document_holds_words_and_number_and_the_card_needs_one_query(django_assert_num_queries: Any) -> None:
    page = pages.article(
        document_number="28/2022/NĐ-CP", source_name="Nghị định 28/2022/NĐ-CP", topic="farming"
    )
    (document,) = PolicyDocuments().public([str(page.pk)])
    assert (document.kind, document.url, document.facet_values().get("chu-de", [])) == (
        "policy",
        page_path(page),
        ["farming"],
    )
    assert all(words in document.body for words in ("Đàn ong nội", "28/2022/NĐ-CP", "Hộ nghèo"))
    with django_assert_num_queries(1):
        assert PolicyDocuments().cards([str(page.pk)])[str(page.pk)].title == page.title


def test_groups_have_the_rights_that_their_names_say() -> None:
    rights = {
        name: sorted(GroupPagePermission.objects.filter(group__name=name).values_list(RIGHT, flat=True))
        for name in Group.objects.exclude(page_permissions=None).values_list("name", flat=True)
    }
    assert rights == {
        "Biên tập viên": ["add_page", "change_page"],
        "Người duyệt": ["add_page", "change_page", "lock_page", "publish_page", "unlock_page"],
        "Nhân viên nền tảng": [
            "add_page", "bulk_delete_page", "change_page", "lock_page", "publish_page", "unlock_page",
        ],
    }  # fmt: skip


def test_one_workflow_holds_for_the_whole_site() -> None:
    assert [workflow.name for workflow in Workflow.objects.filter(active=True)] == ["Duyệt bài"]
    assert pages.article(live=False).get_workflow().name == "Duyệt bài"
