"""Languages of the site: Vietnamese, English, and the minority languages that Django does not know.

Codes are ISO 639-3 as listed in iso-codes (Debian). A language is switched on only when reviewed content in it
exists (design.md, decision 13), so the minority ones are known here but not in ``LANGUAGES``.
"""

from typing import Final

SITE_LANGUAGES: Final = [("vi", "Tiếng Việt"), ("en", "English")]

MINORITY_LANGUAGES: Final = {
    "blt": "Thái Đen",
    "twh": "Thái Trắng",
    "hmn": "Mông",
    "kjg": "Khơ Mú",
    "jra": "Gia Rai",
    "bdq": "Ba Na",
    "sed": "Xơ Đăng",
    "jeh": "Giẻ",
    "stg": "Triêng",
    "brb": "Brâu",
    "rmx": "Rơ Măm",
    "hre": "Hrê",
}


def teach_django(lang_info: dict[str, dict[str, object]]) -> None:
    """Add the minority languages to ``django.conf.locale.LANG_INFO``; Oscar raises KeyError for unknown codes."""
    for code, name in MINORITY_LANGUAGES.items():
        lang_info.setdefault(code, {"bidi": False, "code": code, "name": name, "name_local": name})
