"""Segments of addresses that editors cannot give to a page, because they lead elsewhere (design.md, "Addresses")."""

from typing import Any, ClassVar, Final

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

FIRST_SEGMENTS: Final = frozenset(
    [
        "cho", "gio", "dat-hang", "don", "ban", "htx", "hoc", "lop", "chung-chi", "chinh-sach", "thu-tuc", "canh-bao",
        "dia-chi", "ho-so", "khao-sat", "xa", "tim", "dang-nhap", "dang-xuat", "dang-ky", "tai-khoan", "tai-ve", "gui",
        "quan-tri", "song", "san-sang", "api", "tep", "tep-anh", "static", "_util", "_khung",
    ]
)  # fmt: skip
UNDER_COURSES: Final = frozenset(["cua-toi"])
FIRST_SEGMENT_DEPTH: Final = 3  # Wagtail: 1 the root, 2 a home page, 3 the first segment of an address


def refusal(slug: str, *, depth: int | None, own: str = "") -> str:
    """Return why a page at this depth cannot have this slug, or "" when it can; `own` is the segment of its kind.

    Every language that we know is reserved, also those not switched on: /hmn/ will be Mông one day.
    """
    if depth == FIRST_SEGMENT_DEPTH and slug != own and (slug in FIRST_SEGMENTS or slug in LANG_INFO):
        return _taken(slug)
    return ""


def refusal_under_courses(slug: str) -> str:
    """Return why a course cannot have this slug, or "" when it can."""
    return _taken(slug) if slug in UNDER_COURSES else ""


def _taken(slug: str) -> str:
    words = _(
        "The address “%(slug)s” belongs to another part of this site. Choose another, such as “bai-%(slug)s”."
    )
    return words % {"slug": slug}


class ReservedSlugForm(WagtailAdminPageForm):
    """Shows the refusal beside the field: a page that is being made has no depth yet, only a parent."""

    def clean(self) -> dict[str, Any]:
        """Add an error to "slug" when the page would hide another part of the site."""
        cleaned: dict[str, Any] = super().clean()
        depth = self.parent_page.depth + 1 if self.parent_page else self.instance.depth
        why = self.instance.slug_refusal(cleaned.get("slug", ""), depth)
        if why and "slug" not in self.errors:
            self.add_error("slug", why)
        return cleaned


class ReservedSlugMixin:
    """For page types: refuses a reserved slug wherever the page is saved. The type says ``own_segment`` if it has one."""

    own_segment: ClassVar[str] = ""
    base_form_class = ReservedSlugForm

    def slug_refusal(self, slug: str, depth: int | None) -> str:
        """Return why the page cannot have this slug at this depth, or ""."""
        return refusal(slug, depth=depth, own=self.own_segment)

    def clean(self) -> None:
        """Raise ValidationError on "slug" when it is refused."""
        super().clean()  # type: ignore[misc]  # the other base is a Page
        page: Any = self
        if why := self.slug_refusal(page.slug, page.depth):
            raise ValidationError({"slug": why}, code="reserved")
