"""Codes that people read aloud and type: eight characters, unguessable, no look-alikes, the last one a check.

31 letters and digits (a prime number), so the weighted check finds every single wrong character and every swap of
two neighbours. 31^7 = 2.75e10 codes.
"""

import secrets
import unicodedata
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH: Final = 8


def check_character(body: str) -> str:
    """Return the check character of ``body`` (characters of ALPHABET)."""
    return ALPHABET[
        sum(place * ALPHABET.index(char) for place, char in enumerate(body, start=1)) % len(ALPHABET)
    ]


def new_code() -> str:
    """Return a fresh random code."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_character(body)


def clean_code(typed: str) -> str | None:
    """Return ``typed`` as a code (spaces, dashes and small letters allowed), or None if it cannot be one."""
    code = "".join(char for char in unicodedata.normalize("NFKC", typed).upper() if char.isalnum())
    if (
        len(code) != LENGTH
        or any(char not in ALPHABET for char in code)
        or check_character(code[:-1]) != code[-1]
    ):
        return None
    return code
