"""Articles, courses and lessons, published below the pages that migrations make."""

import json
import uuid
from typing import Any

from wagtail.models import Locale, Page

from cms.models import HomePage, PolicyPage, SectionPage
from learning.models import CourseIndexPage, CoursePage, LessonPage


def published(parent: Page, page: Any, *, live: bool = True) -> Any:
    """Put a page below another and publish it (or leave it a draft)."""
    page.live = live
    if not page.locale_id:
        page.locale = parent.locale
    parent.add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    page.refresh_from_db()
    return page


def home() -> HomePage:
    """The Vietnamese home page."""
    found: HomePage = HomePage.objects.get(locale__language_code="vi")
    return found


def section() -> SectionPage:
    """/chinh-sach/"""
    found: SectionPage = SectionPage.objects.get(slug="chinh-sach", locale__language_code="vi")
    return found


def article(title: str = "Vay vốn nuôi ong", *, live: bool = True, **fields: Any) -> PolicyPage:
    """An article below /chinh-sach/."""
    fields.setdefault("summary", "Hộ nghèo vay không lãi để nuôi ong.")
    fields.setdefault("body", json.dumps([text("<p>Đàn ong nội, thùng ong.</p>")]))
    parent = fields.pop("parent", None) or section()
    page: PolicyPage = published(parent, PolicyPage(title=title, **fields), live=live)
    return page


def course(title: str = "Bán hàng trên chợ", *, live: bool = True, **fields: Any) -> CoursePage:
    """A course without lessons below /hoc/."""
    fields.setdefault("summary", "Chụp ảnh, đặt giá, giao hàng.")
    page: CoursePage = published(
        CourseIndexPage.objects.get(locale__language_code="vi"), CoursePage(title=title, **fields), live=live
    )
    return page


def lesson(parent: CoursePage, title: str = "Chụp ảnh hàng", *blocks: Any, live: bool = True) -> LessonPage:
    """A lesson; without blocks it has one text and no question."""
    body = list(blocks) or [text("<p>Ra chỗ sáng.</p>")]
    page: LessonPage = published(parent, LessonPage(title=title, body=json.dumps(body)), live=live)
    return page


def text(html: str) -> dict[str, Any]:
    """A text block."""
    return {"type": "text", "value": html, "id": str(uuid.uuid4())}


def question(words: str = "Ảnh nào dễ bán hơn?", choices: int = 2) -> dict[str, Any]:
    """A question block; its first choice is the right one."""
    items = [
        {
            "type": "item",
            "id": str(uuid.uuid4()),
            "value": {
                "text": f"Lựa chọn {number}",
                "is_correct": number == 1,
                "feedback": "Người mua muốn nhìn rõ." if number == 1 else f"Xem lại ảnh {number}.",
            },
        }
        for number in range(1, choices + 1)
    ]
    value = {"text": words, "choices": items, "explanation": "Ảnh rõ thì dễ bán."}
    return {"type": "question", "value": value, "id": str(uuid.uuid4())}


def english_of(page: Any, **changes: Any) -> Any:
    """The English translation of a page, published; its parents are translated too."""
    english, _created = Locale.objects.get_or_create(language_code="en")
    copy = page.copy_for_translation(english, copy_parents=True)
    for name, value in changes.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    for parent in copy.get_ancestors().filter(locale=english, live=False):
        parent.specific.save_revision().publish()
    copy.refresh_from_db()
    return copy
