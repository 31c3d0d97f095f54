"""What the editor's screens refuse, and say so beside the field."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from cms.models import SectionPage
from learning.models import CourseIndexPage, CoursePage
from tests.factories import pages
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    user = UserFactory.create()
    user.groups.add(Group.objects.get(name="Nhân viên nền tảng"))
    client.force_login(user)
    return client


@pytest.fixture
def reviewer() -> Client:
    user = UserFactory.create()
    user.groups.add(Group.objects.get(name="Người duyệt"))
    client = Client()
    client.force_login(user)
    return client


def _add(client: Client, app: str, model: str, parent: Page, **fields: str) -> Any:
    form = {
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "", "body-count": "0", **fields,
    }  # fmt: skip
    return client.post(reverse("wagtailadmin_pages:add", args=[app, model, parent.pk]), form)


@pytest.mark.parametrize("slug", ["cho", "thu-tuc", "quan-tri", "en"])
def test_section_with_a_reserved_first_segment_is_refused_beside_the_field(staff: Client, slug: str) -> None:
    answer = _add(staff, "cms", "sectionpage", pages.home(), title="Mục", slug=slug)
    assert list(answer.context["form"].errors) == ["slug"]
    assert f"Địa chỉ “{slug}” đã dành cho phần khác" in answer.context["form"].errors["slug"][0]


def test_course_called_cua_toi_is_refused(staff: Client) -> None:
    index = CourseIndexPage.objects.get()
    answer = _add(staff, "learning", "coursepage", index, title="Của tôi", slug="cua-toi", summary="x")
    assert list(answer.context["form"].errors) == ["slug"]


def test_reserved_slug_is_refused_also_where_no_form_asks() -> None:
    with pytest.raises(ValidationError):
        pages.home().add_child(instance=SectionPage(title="Chợ", slug="cho"))
    with pytest.raises(ValidationError):
        CourseIndexPage.objects.get().add_child(instance=CoursePage(title="x", slug="cua-toi", summary="x"))


@pytest.mark.parametrize(
    ("typed", "slug"), [("chợ phiên", "cho-phien"), ("Đậu đỏ  Kon Tum!", "dau-do-kon-tum"), ("tìm", "tim")]
)
def test_slug_is_put_right_as_people_type_it(staff: Client, typed: str, slug: str) -> None:
    answer = _add(staff, "cms", "sectionpage", pages.section(), title="Mục", slug=typed)
    assert (answer.status_code, SectionPage.objects.get(title="Mục").slug) == (302, slug)


def test_slug_that_a_neighbour_has_is_refused_in_vietnamese_and_stays_in_the_field(staff: Client) -> None:
    pages.article("Vay vốn")
    answer = _add(staff, "cms", "sectionpage", pages.section(), title="Mục", slug="vay vốn")
    form = answer.context["form"]
    assert form.errors == {
        "slug": ["Ở mục này đã có trang mang địa chỉ “vay-von”. Bạn chọn địa chỉ khác nhé."]
    }
    assert form["slug"].value() == "vay vốn"


def test_section_below_a_section_may_have_any_slug() -> None:
    pages.section().add_child(instance=SectionPage(title="Chợ phiên", slug="cho"))


def test_page_cannot_be_moved_onto_a_reserved_address(staff: Client) -> None:
    deep = pages.published(pages.section(), SectionPage(title="Chợ phiên", slug="cho"))
    answer = staff.post(
        reverse("wagtailadmin_pages:move_confirm", args=[deep.pk, pages.home().pk]), follow=True
    )
    deep.refresh_from_db()
    assert deep.url_path == "/trang-nha/chinh-sach/cho/"
    assert "đã dành cho phần khác" in answer.content.decode()


def test_dates_and_source_that_contradict_are_refused() -> None:
    with pytest.raises(ValidationError) as dates:
        pages.article(in_force_from="2026-05-01", in_force_until="2026-04-01")
    with pytest.raises(ValidationError) as source:
        pages.article("Khác", document_number="28/2022/NĐ-CP")
    assert (list(dates.value.message_dict), list(source.value.message_dict)) == (
        ["in_force_until"],
        ["source_name"],
    )


def test_front_page_of_the_admin_says_where_to_begin_in_vietnamese(staff: Client) -> None:
    body = staff.get(reverse("wagtailadmin_home")).content.decode()
    assert all(words in body for words in ("Bắt đầu từ đâu", "Viết bài đọc", "Viết khóa học hoặc bài học"))


def test_editors_screens_open(staff: Client) -> None:
    lesson = pages.lesson(pages.course(), "Chụp ảnh", pages.question())
    opened = [
        staff.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code
        for page in (pages.home(), pages.section(), pages.article(), lesson, lesson.get_parent())
    ]
    assert opened == [200] * 5


def test_first_pages_stand_in_a_sound_tree() -> None:
    assert Page.find_problems() == ([], [], [], [], [])
    live = Page.objects.filter(depth__gt=1).order_by("path").values_list("url_path", flat=True)
    assert list(live) == [
        "/trang-nha/",
        "/trang-nha/chinh-sach/",
        "/trang-nha/gioi-thieu/",
        "/trang-nha/hoc/",
    ]


FIXED = "phải luôn ở đúng chỗ và luôn hiện"


def _fixed_pages() -> list[Page]:
    index = CourseIndexPage.objects.get()
    return [pages.home(), pages.section(), Page.objects.get(slug="gioi-thieu"), index]


@pytest.mark.parametrize("way", ["unpublish", "delete"])
@pytest.mark.parametrize("number", range(4))
def test_page_that_the_site_leans_on_is_not_taken_down(reviewer: Client, number: int, way: str) -> None:
    page = _fixed_pages()[number]
    if way == "delete":
        page.get_children().delete()
    answers = [
        reviewer.post(reverse(f"wagtailadmin_pages:{way}", args=[page.pk]), follow=True),
        reviewer.post(
            reverse("wagtail_bulk_action", args=["wagtailcore", "page", way])
            + f"?id={page.pk}&next=/quan-tri/",
            follow=True,
        ),
    ]
    assert Page.objects.get(pk=page.pk).live
    assert [FIXED in answer.content.decode() for answer in answers] == [True, True]


def test_other_pages_ticked_with_a_fixed_one_stay_too_and_alone_are_unpublished(reviewer: Client) -> None:
    article = pages.article()
    way = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"]) + "?next=/quan-tri/"
    reviewer.post(f"{way}&id={article.pk}&id={pages.section().pk}")
    assert Page.objects.get(pk=article.pk).live
    reviewer.post(f"{way}&id={article.pk}")
    assert not Page.objects.get(pk=article.pk).live


def test_translation_of_a_fixed_page_may_be_unpublished(client: Client) -> None:
    english = pages.english_of(pages.section())
    client.force_login(UserFactory.create(is_superuser=True))
    client.post(reverse("wagtailadmin_pages:unpublish", args=[english.pk]))
    assert not Page.objects.get(pk=english.pk).live


@pytest.mark.parametrize("how", ["one", "ticked"])
def test_fixed_page_is_not_moved(reviewer: Client, how: str) -> None:
    page, below = pages.section(), Page.objects.get(slug="gioi-thieu")
    if how == "one":
        address = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, below.pk])
        answer = reviewer.post(address, follow=True)
    else:
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
        answer = reviewer.post(
            f"{address}?id={page.pk}&next=/quan-tri/", {"chooser": str(below.pk)}, follow=True
        )
    page.refresh_from_db()
    assert (page.url_path, FIXED in answer.content.decode()) == ("/trang-nha/chinh-sach/", True)


def test_several_pages_are_not_moved_onto_reserved_addresses(reviewer: Client) -> None:
    deep = pages.published(pages.section(), SectionPage(title="Chợ phiên", slug="cho"))
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    answer = reviewer.post(
        f"{address}?id={deep.pk}&next=/quan-tri/", {"chooser": str(pages.home().pk)}, follow=True
    )
    deep.refresh_from_db()
    assert (deep.url_path, "đã dành cho phần khác" in answer.content.decode()) == (
        "/trang-nha/chinh-sach/cho/",
        True,
    )


def test_fixed_page_keeps_its_address_and_has_no_end(staff: Client) -> None:
    form = {
        "title": "Chính sách", "slug": "chinh-sach-moi", "expire_at": "2030-01-01 00:00", "body-count": "0",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    }  # fmt: skip
    answer = staff.post(reverse("wagtailadmin_pages:edit", args=[pages.section().pk]), form)
    errors = answer.context["form"].errors
    assert {name: FIXED in words[0] for name, words in errors.items()} == {"slug": True, "expire_at": True}
