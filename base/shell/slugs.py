"""Slugs that people can read aloud: "Đậu đỏ Kon Tum" becomes "dau-do-kon-tum"."""

import re
from typing import Any, Final

from anyascii import anyascii

NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")


def slugify(value: Any, allow_unicode: bool = False) -> str:
    """Return an ASCII slug of letters, digits and dashes; never empty ("muc" when nothing is left).

    Tai Viet and other scripts are transliterated by anyascii, because an ASCII-only slugifier drops đ and ƀ and leaves
    a purely Tai Viet title without a slug.
    """
    del allow_unicode
    return NOT_SLUG.sub("-", anyascii(str(value)).lower()).strip("-") or "muc"
