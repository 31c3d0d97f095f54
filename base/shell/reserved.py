"""Segments of addresses that editors cannot give to a page, because they lead elsewhere (design.md, "Addresses")."""

from typing import Final

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FIRST_SEGMENTS: Final = frozenset(
    [
        "cho", "gio", "dat-hang", "don", "ban", "htx", "hoc", "lop", "chung-chi", "chinh-sach", "thu-tuc", "canh-bao",
        "dia-chi", "ho-so", "khao-sat", "xa", "tim", "dang-nhap", "dang-xuat", "dang-ky", "tai-khoan", "tai-ve", "gui",
        "quan-tri", "song", "san-sang", "api", "tep", "tep-anh", "static", "_util", "_khung",
    ]
)  # fmt: skip
UNDER_COURSES: Final = frozenset(["cua-toi"])


def refuse_first_segment(slug: str, *, own: str = "") -> None:
    """Raise ValidationError on "slug" unless a page directly under the home page may have it; `own` is its kind's.

    Every language that we know is reserved, also those not switched on: /hmn/ will be Mông one day.
    """
    if slug == own:
        return
    if slug in FIRST_SEGMENTS or slug in LANG_INFO:
        _refuse(slug)


def refuse_under_courses(slug: str) -> None:
    """Raise ValidationError on "slug" unless a course may have it."""
    if slug in UNDER_COURSES:
        _refuse(slug)


def _refuse(slug: str) -> None:
    message = _(
        "The address “%(slug)s” belongs to another part of this site. Choose a different one, such as “%(slug)s-bai”."
    )
    raise ValidationError({"slug": message % {"slug": slug}}, code="reserved")
