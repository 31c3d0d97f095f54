"""What people looked for and did not find: words and how often, never who.

A page that found nothing only adds a line to a file, so it neither waits for the database nor fails with it; a chore
of the process that drains the outbox counts the lines. What looks like a number of a person or an address is left out.
"""

import datetime as dt
import logging
import re
from collections import Counter
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from search import text
from search.documents import Results
from search.finding import MOST_WORDS_TOGETHER
from search.models import MissedSearch

log = logging.getLogger(__name__)

EVERY_S: Final = 60
MOST_BYTES: Final = 200_000
"""A file that has not been counted does not grow beyond this: about 5,000 questions a minute."""
MOST_A_DAY: Final = 1_000
"""Rows. When a day has so many, only words that it has already are counted on."""
MOST_WORDS, MOST_LETTERS = 8, 80
_PRIVATE: Final = re.compile(r"@|https?:|www\.|\d(?:[\s.\-()]*\d){4}")
"""E-mail and web addresses; five digits or more, also with signs between them: phones, numbers of papers, codes."""
_NOTHING, _REPAIRED = "0", "1"


def note(results: Results) -> None:
    """Note a question whose page shows nothing with all its words, or only after repair. Never raises."""
    words = kept_words(results.text) if results.is_understood else ""
    # A whole question is answered with what is nearest; what counts there is that something is.
    is_found = results.hits or (results.nearest and len(words.split()) > MOST_WORDS_TOGETHER)
    if not words or (is_found and not results.meant):
        return
    try:
        path = _folder() / "noted"
        if path.exists() and path.stat().st_size > MOST_BYTES:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(
            "a", encoding="utf-8"
        ) as file:  # one short write: lines of several processes stay whole
            file.write(f"{_REPAIRED if is_found else _NOTHING} {words}\n")
    except OSError as error:
        _complain(str(error))


@cache
def _complain(error: str) -> None:
    """Say once what is wrong, not at every search."""
    log.warning("searches without result cannot be noted: %s", error)


def kept_words(question: str) -> str:
    """Return the words that are kept of a question; "" when it may tell of a person, or is too long to be a name."""
    words = text.words(question)
    joined = " ".join(words)
    if _PRIVATE.search(question) or len(words) > MOST_WORDS or len(joined) > MOST_LETTERS:
        return ""
    return joined if any(map(str.isalpha, joined)) else ""


def count_noted() -> int:
    """Count what was noted since the last time; returns how many lines. A chore of the outbox process.

    The file is put aside first and counted the next time, when nobody writes to it any more.
    """
    done = 0
    for path in sorted(_folder().glob("aside-*")):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        _count(lines)
        path.unlink()
        done += len(lines)
    noted = _folder() / "noted"
    if noted.exists():
        noted.rename(_folder() / f"aside-{token_hex(4)}")
    return done


def old_searches(before: dt.datetime) -> QuerySet[MissedSearch]:
    """Return what was not found before that day."""
    return MissedSearch.objects.filter(day__lt=timezone.localdate(before))


def _count(lines: list[str]) -> None:
    day = timezone.localdate()
    times: Counter[str] = Counter()
    nothing: Counter[str] = Counter()
    for line in lines:
        how, _, question = line.partition(" ")
        if words := kept_words(question):
            times[words] += 1
            nothing[words] += how == _NOTHING
    with transaction.atomic():
        of_day = MissedSearch.objects.filter(day=day)
        known = set(of_day.filter(words__in=list(times)).values_list("words", flat=True))
        room = max(0, MOST_A_DAY - of_day.count())
        new = [words for words, _ in times.most_common() if words not in known][:room]
        MissedSearch.objects.bulk_create(
            (MissedSearch(words=words, day=day) for words in new), ignore_conflicts=True
        )
        for words in (*known, *new):
            of_day.filter(words=words).update(
                count=F("count") + times[words], nothing_count=F("nothing_count") + nothing[words]
            )


def _folder() -> Path:
    return Path(settings.MISSED_SEARCHES_DIR)
