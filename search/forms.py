"""What staff enter for a synonym, and what is wrong with it, said beside the field."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from search import dictionary, text
from search.models import Synonym
from search.synonyms import Phrase

MOST_TYPED_WORDS: Final = 4
MOST_FOUND_WORDS: Final = 8
"""What laws call a thing is longer than what people call it."""
MOST_PHRASES: Final = 12


class SynonymForm(WagtailAdminModelForm):
    """Adds and changes synonyms; remembers who did."""

    language = forms.ChoiceField(choices=())

    class Meta:
        model = Synonym
        fields = ("kind", "words", "finds", "language", "note", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.SYNONYM_LANGUAGES
        self.fields["language"].label = Synonym._meta.get_field("language").verbose_name

    def clean_words(self) -> str:
        """Return the typed phrases, tidied."""
        return _tidy(self.cleaned_data["words"], MOST_TYPED_WORDS)

    def clean_finds(self) -> str:
        """Return the phrases to look for, tidied; empty is judged with the kind."""
        finds = self.cleaned_data.get("finds", "")
        return _tidy(finds, MOST_FOUND_WORDS) if dictionary.parted(finds) else ""

    def clean(self) -> dict[str, Any]:
        """Check what the fields say together, and against the other synonyms."""
        super().clean()
        cleaned = self.cleaned_data
        if self.errors:
            return cleaned
        typed, found = dictionary.parted(cleaned["words"]), dictionary.parted(cleaned["finds"])
        if cleaned["kind"] == Synonym.Kind.SAME:
            cleaned["finds"], found = "", []
            if len(typed) < 2:
                self.add_error("words", _("Write at least two words with a comma between them."))
            if cleaned["language"] != settings.LANGUAGE_CODE:
                self.add_error("kind", _("Words of a minority language can only find Vietnamese words."))
        elif not found:
            self.add_error("finds", _("Write what is to be found."))
        elif both := _common(typed, found):
            self.add_error("finds", _("“%(word)s” stands on both sides.") % {"word": both})
        if not self.errors and cleaned["is_active"]:
            self._compare(typed, found)
        return cleaned

    def save(self, commit: bool = True) -> Synonym:
        """Save, and have every process and page see it."""
        self.instance.changed_by = self.for_user
        self.instance.changed_at = timezone.now()
        with transaction.atomic():
            synonym: Synonym = super().save(commit)
            dictionary.changed()
        transaction.on_commit(dictionary.forget)
        return synonym

    def _compare(self, typed: list[str], found: list[str]) -> None:
        """Refuse what another synonym says already, and two that point to each other."""
        own = _arrows(typed, found)
        for other in Synonym.objects.filter(is_active=True).exclude(pk=self.instance.pk):
            arrows = _arrows(other.typed_phrases, other.found_phrases)
            if own <= arrows:
                message = _("There is one that says so already: “%(other)s”.")
            elif found and other.found_phrases and any((end, start) in arrows for start, end in own):
                message = _("“%(other)s” leads back. Choose “all mean the same” in one of the two.")
            else:
                continue
            self.add_error("words", message % {"other": other})
            return


def _tidy(listed: str, most_words: int) -> str:
    """Return the phrases as one line. Raises ValidationError."""
    phrases = [" ".join(text.clean(one).split()) for one in dictionary.parted(listed.replace("\n", ","))]
    seen: set[tuple[str, ...]] = set()
    for phrase in phrases:
        words = Phrase.of(phrase).written
        if not words:
            raise ValidationError(_("“%(word)s” holds no word.") % {"word": phrase})
        if len(words) > most_words:
            raise ValidationError(
                _("“%(word)s” is too long: %(most)d words at most.") % {"word": phrase, "most": most_words}
            )
        if words in seen:
            raise ValidationError(_("“%(word)s” stands there twice.") % {"word": phrase})
        seen.add(words)
    if not phrases:
        raise ValidationError(_("Write at least one word."))
    if len(phrases) > MOST_PHRASES:
        raise ValidationError(_("Too many words: %(most)d at most.") % {"most": MOST_PHRASES})
    return f"{dictionary.SEPARATOR} ".join(phrases)


def _common(typed: list[str], found: list[str]) -> str:
    known = {Phrase.of(phrase).written for phrase in typed}
    return next((phrase for phrase in found if Phrase.of(phrase).written in known), "")


def _arrows(typed: list[str], found: list[str]) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    return {
        (rule.typed.written, target) for rule in dictionary.rules_of(typed, found) for target in rule.found
    }
