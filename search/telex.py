"""Reads what the keys of Telex or VNI leave behind when the phone's Vietnamese typing is off: "ddaauj" is đậu."""

import re

_VOWEL_THEN_TONE = re.compile(r"(?<=[aeiouyw])([a-z]*?)[sfrxj](?=[a-z]*$)")
_DOUBLED = re.compile(r"([aeod])\1")
_VNI = re.compile(r"[a-z]+[1-9][a-z1-9]*")


def untyped(word: str) -> str:
    """Return the folded word that these keys were to write; the word itself when it shows no such keys.

    Telex: aa ee oo dd and w make other letters, one of s f r x j after the vowel the tone. VNI: digits do both.
    """
    if not word.isascii():
        return word
    plain = re.sub("[1-9]", "", word) if _VNI.fullmatch(word) else word
    plain = _VOWEL_THEN_TONE.sub(r"\1", plain, count=1)
    plain = _DOUBLED.sub(r"\1", plain)
    if "w" in plain:
        without = plain.replace("w", "")
        plain = without if re.search("[aeiouy]", without) else plain.replace("w", "u")
    return plain
