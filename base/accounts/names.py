"""Names as people here write them: family name first, given name last, one Unicode spelling."""

import unicodedata


def clean(name: str) -> str:
    """Return the name composed (NFC), with single spaces; however the keyboard typed it."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def split(full_name: str) -> tuple[str, str]:
    """Return (family and middle names, given name): "Lò Thị Mai" -> ("Lò Thị", "Mai")."""
    family, _, given = clean(full_name).rpartition(" ")
    return family, given
