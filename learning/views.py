"""What is personal in learning: my courses, a lesson with my answers, and the form that lessons send answers to.

The lesson under /hoc/ is kept whole for everybody, so its form comes here, and here the feedback is shown.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from base.access.posts import same_origin_post
from base.shell import errors
from base.shell.addresses import address
from learning import mine as my
from learning import progress
from learning.learners import learner_for_writing, learner_of
from learning.models import LessonPage
from learning.outline import Outline, outline_of
from learning.parts import lesson_parts
from learning.progress import Pick, Recorded

COURSES_ON_PAGE = 12
MOST_QUESTIONS = 100  # of one form; more is no form of ours
LARGEST_NUMBER = 10_000
LARGEST_ID = 2**31 - 1


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponseBase:
    """My courses with progress; without any, the way to the courses."""
    learner = learner_of(request)
    page = None
    courses: list[my.CourseOfMine] = []
    if learner is not None:
        page = Paginator(my.enrolments(learner), COURSES_ON_PAGE).get_page(request.GET.get("trang"))
        courses = my.with_progress(learner, list(page))
    context = {"courses": courses, "page": page, "nav": "learn", "personal": True}
    return render(request, "learning/mine.html", context)


@never_cache
@require_safe
def lesson(request: HttpRequest, lesson_id: int) -> HttpResponseBase:
    """The lesson with what I answered, and feedback."""
    page = _shown_lesson(lesson_id)
    if page is None:
        return _gone(request)
    learner = learner_of(request)
    given = progress.latest_answers(learner, page) if learner else {}
    parts = lesson_parts(page, given)
    context = {
        "page": page,
        "outline": outline_of(page),
        "parts": parts,
        "unanswered": sum(1 for part in parts if part.question and part.given is None),
        "is_complete": learner is not None and progress.is_complete(learner, page),
        "nav": "learn",
        "personal": True,
    }
    return render(request, "learning/lesson_page.html", context)


@same_origin_post
def answer(request: HttpRequest) -> HttpResponseBase:
    """Store the answers of a form and lead on: to the feedback, or to the next lesson when there is none to show."""
    page = _shown_lesson(_as_int(request.POST.get("lesson", "")))
    if page is None:
        return _gone(request)
    picks = dict(_picks(request.POST))
    is_finishing = "next" in request.POST
    if not picks and not is_finishing:
        messages.warning(request, _("Choose one answer first, then press the button."))
        return _to_feedback(page, request.POST.get("check", ""))
    recorded = progress.record(learner_for_writing(request), page, picks, is_finishing=is_finishing)
    if recorded.has_unknown:
        messages.warning(request, _("This lesson has changed since you opened it. Look at it again."))
        return _to_feedback(page)
    if is_finishing and not recorded.new_answers:
        return _onward(request, page, recorded)
    return _to_feedback(page, request.POST.get("check", ""))


def _onward(request: HttpRequest, page: LessonPage, recorded: Recorded) -> HttpResponseBase:
    """Go to the next lesson; first back to what is still to be answered, which can be left for later there."""
    if not recorded.is_complete:
        words = ngettext(
            "%(count)d question of this lesson is still open.",
            "%(count)d questions of this lesson are still open.",
            recorded.unanswered,
        )
        messages.warning(request, words % {"count": recorded.unanswered})
        return _to_feedback(page)
    outline = outline_of(page)
    if outline.next is not None:
        return HttpResponseRedirect(outline.next.path)
    messages.success(request, _closing_words(outline))
    return HttpResponseRedirect(reverse("learn:mine"))


def _closing_words(outline: Outline) -> str:
    return _("That was the last lesson of “%(course)s”. Well done.") % {"course": outline.course_title}


def _to_feedback(page: LessonPage, question: str = "") -> HttpResponseBase:
    """The personal page of the lesson, at the question whose button was pressed."""
    path = reverse("learn:lesson", args=[page.pk])
    named = _as_uuid(question)
    return HttpResponseRedirect(f"{path}#q-{named}" if named else path)


def _shown_lesson(lesson_id: int | None) -> LessonPage | None:
    if lesson_id is None or lesson_id > LARGEST_ID:
        return None
    found: LessonPage | None = (
        LessonPage.objects.shown().select_related("locale").filter(pk=lesson_id).first()
    )
    return found


def _gone(request: HttpRequest) -> HttpResponseBase:
    return errors.page(
        request,
        404,
        heading=_("This lesson is not here any more"),
        text=_("It was taken down or changed. What you have learned is kept. Choose another lesson."),
        back=address("learn"),
    )


def _picks(data: Mapping[str, str]) -> Iterator[tuple[uuid.UUID, Pick]]:
    """Yield the answers in a form: fields "q-<question>" = choice and "n-<question>" = number of the attempt."""
    names = [name for name in data if name.startswith("q-")]
    for name in names[:MOST_QUESTIONS]:
        question, choice = _as_uuid(name[2:]), _as_uuid(data[name])
        if question is None:
            continue
        number = _as_int(data.get(f"n-{name[2:]}", "")) or 1
        # A choice that is no id at all is passed on as one that no question has.
        yield question, Pick(choice or uuid.UUID(int=0), min(max(number, 1), LARGEST_NUMBER))


def _as_uuid(raw: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(raw)
    except ValueError:
        return None


def _as_int(raw: str) -> int | None:
    """A number as we write it in forms; anything else, also one too large for the database, is None."""
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else None
