"""What Django says about bad input is said in Vietnamese, also where Django's own catalogue lacks it."""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import get_default_password_validators
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms import fields, formsets, models
from django.utils.functional import Promise
from django.utils.translation import override

from base.accounts.models import User

BAD_PASSWORDS = ["ngan", "password", "0912345678"]


def said(text: Any) -> str:
    """A message as a person reads it, with something in each of its places."""
    return str(text % defaultdict(int))


def in_two_languages(text: Any) -> tuple[str, str]:
    with override("en"):
        english = said(text)
    with override("vi"):
        return english, said(text)


def messages_of_forms() -> Iterator[Any]:
    """Yield each message that a form field, a set of forms or a validator of Django has."""
    for module in (fields, models, formsets, validators):
        for _name, thing in inspect.getmembers(module):
            for own in ("default_error_messages", "messages"):
                table = getattr(thing, own, None)
                yield from table.values() if isinstance(table, dict) else ()
            if isinstance(getattr(thing, "message", None), Promise):
                yield thing.message
    yield validators.StepValueValidator(2, offset=1).message


def test_messages_of_forms_are_in_vietnamese() -> None:
    pairs = {in_two_languages(text) for text in messages_of_forms() if text}
    assert len(pairs) > 30
    assert [english for english, vietnamese in pairs if english == vietnamese] == []


@pytest.mark.parametrize("number", range(len(settings.AUTH_PASSWORD_VALIDATORS)))
def test_what_is_wrong_with_a_password_is_said_in_vietnamese(number: int) -> None:
    validator = get_default_password_validators()[number]
    in_english, in_vietnamese = (refusals(validator, language) for language in ("en", "vi"))
    assert in_english
    assert not in_english & in_vietnamese
    with override("en"):
        help_text = validator.get_help_text()
    with override("vi"):
        assert validator.get_help_text() != help_text


def refusals(validator: Any, language: str) -> set[str]:
    found = set()
    for password in BAD_PASSWORDS:
        try:
            with override(language):
                validator.validate(password, User(phone="+84912345678"))
        except ValidationError as error:
            with override(language):
                found.update(error.messages)
    return found


def test_too_short_a_password_says_how_long_it_must_be() -> None:
    with override("vi"), pytest.raises(ValidationError) as refused:
        get_default_password_validators()[0].validate("ngan")
    assert refused.value.messages == ["Mật khẩu này ngắn quá. Cần ít nhất 8 ký tự."]
