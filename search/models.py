"""What staff know of people's words, and what people looked for and did not find."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from search.dictionary import parted


class Synonym(models.Model):
    """Words that stand for each other, or words that find others. Rules are made of it in dictionary.py.

    What came with the site has a name (``shipped_as``) and follows the shipped list until staff change it
    (``changed_at``); it is switched off, never deleted, else it would come back.
    """

    class Kind(models.TextChoices):
        SAME = "same", _("All mean the same")
        ONE_WAY = "one-way", _("The first ones find the others")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.SAME)
    words = models.CharField(_("words people type"), max_length=300)
    finds = models.CharField(_("words to look for"), max_length=300, blank=True)
    language = models.CharField(_("language of the typed words"), max_length=8, default="vi")
    note = models.CharField(_("source, remark"), max_length=300, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    shipped_as = models.CharField(  # noqa: DJ001 - null, so that many have none
        max_length=80, unique=True, null=True, editable=False
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed"), null=True, editable=False)

    class Meta:
        ordering = ("words", "pk")
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        return f"{self.words} → {self.finds}" if self.kind == self.Kind.ONE_WAY else self.words

    @property
    def typed_phrases(self) -> list[str]:
        """Return what people type, one phrase each."""
        return parted(self.words)

    @property
    def found_phrases(self) -> list[str]:
        """Return what is looked for; empty when all words mean the same."""
        return parted(self.finds) if self.kind == self.Kind.ONE_WAY else []


class MissedSearchQuerySet(models.QuerySet["MissedSearch"]):
    """Reads of what was not found."""

    def summed(self) -> models.QuerySet[Any, Any]:
        """Return each words once, with how often, most often first, and on which day last."""
        sums = self.values("words").annotate(
            times=Sum("count"), nothing=Sum("nothing_count"), last=models.Max("day")
        )
        return sums.order_by(F("times").desc(), "words")


class MissedSearch(models.Model):
    """Words that found nothing, or only after repair, on one day: how often, never by whom."""

    words = models.CharField(_("words"), max_length=80)
    day = models.DateField(_("day"), db_index=True)
    count = models.PositiveIntegerField(_("times"), default=0)
    nothing_count = models.PositiveIntegerField(_("times with nothing at all"), default=0)

    objects = MissedSearchQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("words", "day"), name="site_search_missed_once_a_day")
        ]
        verbose_name = _("search without result")
        verbose_name_plural = _("searches without result")

    def __str__(self) -> str:
        return f"{self.words} ({self.count})"
