"""Answers that a learner gave without a network."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.db.models import BigIntegerField, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.intake.kinds import Incoming, Outcome, Refused, register
from base.intake.schema import Each, Flag, Id, Whole
from base.prepared import Param, prepared
from base.shell.pages import is_restricted
from learning.claims import hold
from learning.learners import learner_for_writing
from learning.models import LessonPage
from learning.progress import record_sent

MOST_QUESTIONS: Final = 100
LARGEST_ID: Final = 2**31 - 1


class Judged(NamedTuple):
    """What answers are judged by: making a whole page of it costs as much as recording them."""

    pk: int
    path: str
    body: Any


@register(
    "answers",
    label=gettext_lazy("Answers in a lesson"),
    rule=gettext_lazy(
        "Every answer is kept. The one you gave last counts, on whichever phone. What is done stays done."
    ),
    schema={
        "lesson": Whole(1, LARGEST_ID),
        "answers": Each(Id(), Id(), MOST_QUESTIONS),
        "finished": Flag(optional=True),
    },
    needs_account=False,
)
def take_answers(entry: Incoming) -> Outcome:
    """Record them as of the time at which they were given. A lesson that was withdrawn meanwhile still counts."""
    rows = _lesson().rows(pk=entry.body["lesson"])
    if not rows:
        raise Refused(_("This lesson is not here any more"))
    is_live, *read = rows[0]
    lesson = Judged(*read)
    choices, is_finished = entry.body["answers"], bool(entry.body["finished"])
    learner = learner_for_writing(entry.request)
    if learner.user_id is None:  # an account is held by the intake
        learner = hold(learner)
    recorded = record_sent(learner, lesson, entry.id, choices, entry.made_at, is_finishing=is_finished)
    if recorded.has_unknown and not recorded.new_answers:
        raise Refused(_("This lesson has changed since you saved it. Look at it again."))
    words = _("Your answers have arrived.")
    if recorded.has_unknown:
        words = _("Your answers have arrived. Some questions have changed since you saved the lesson.")
    elif recorded.is_complete:
        words = _("Your answers have arrived. This lesson is done.")
    url = reverse("learn:lesson", args=[lesson.pk]) if is_live else ""
    return Outcome(str(lesson.pk), words, url)


@prepared
def _lesson() -> QuerySet[LessonPage, Any]:
    """What answers are judged by, of a lesson that anybody could read at some time."""
    lessons = LessonPage.objects.filter(~is_restricted(), pk=Param("pk", BigIntegerField()))
    return (
        lessons.filter(first_published_at__isnull=False).order_by().values_list("live", "pk", "path", "body")
    )
