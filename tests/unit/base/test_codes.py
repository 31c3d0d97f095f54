"""Codes that people read aloud: every slip is noticed, and nothing looks like anything else."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from base.codes import ALPHABET, LENGTH, check_character, clean_code, new_code

bodies = st.text(alphabet=ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)
codes = bodies.map(lambda body: body + check_character(body))


@given(codes, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_noticed(code: str, place: int, char: str) -> None:
    typed = code[:place] + char + code[place + 1 :]
    assert clean_code(typed) == (code if typed == code else None)


@given(codes, st.integers(0, LENGTH - 2))
def test_every_swap_of_two_neighbours_is_noticed(code: str, place: int) -> None:
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert clean_code(typed) == (code if typed == code else None)


def test_the_check_finds_all_substitutions_and_swaps_of_one_code_one_by_one() -> None:
    code = new_code()
    wrong = {code[:i] + char + code[i + 1 :] for i in range(LENGTH) for char in ALPHABET} - {code}
    swapped = {code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(LENGTH - 1)} - {code}
    assert len(wrong) == LENGTH * (len(ALPHABET) - 1)
    assert {clean_code(typed) for typed in wrong | swapped} == {None}


def test_the_alphabet_has_no_look_alikes_and_a_prime_length() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 31
    assert not set(ALPHABET) & set("01IO")
    assert ALPHABET.upper() == ALPHABET
    assert ALPHABET.isascii()


@given(codes)
def test_a_code_is_understood_however_it_is_typed(code: str) -> None:
    for typed in (
        code.lower(),
        f" {code[:4]}-{code[4:]} ",
        " ".join(code),
        "".join(chr(ord(char) + 0xFEE0) for char in code),  # full width, from some keyboards
        unicodedata.normalize("NFD", code),
    ):
        assert clean_code(typed) == code


@given(st.text(max_size=40))
def test_anything_typed_is_a_code_or_none(typed: str) -> None:
    cleaned = clean_code(typed)
    assert cleaned is None or (len(cleaned) == LENGTH and set(cleaned) <= set(ALPHABET))


def test_new_codes_are_codes_and_differ() -> None:
    made = {new_code() for _ in range(2_000)}
    assert len(made) == 2_000
    assert all(clean_code(code) == code for code in made)
