"""Where devices send things: ``/gui/`` takes entries, ``/gui/tep/<sha256>/`` files; ``/gui/toi/`` says who asks."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from base.access.posts import Limits, same_origin
from base.intake import uploads, wire
from base.intake.authors import author_key, former_keys
from base.intake.kinds import strangers_send_files
from base.intake.taking import take_all
from base.intake.uploads import TooMuch, WrongContent, WrongPlace, WrongTotal
from base.intake.verbs import Owner
from base.intake.wire import Malformed, now_ms

# a phone sends in batches and tries again after each break; a commune shares one address
ENTRIES: Final = Limits("intake", per_session=240, per_address=6_000)
# 64 KiB each: three photos of 5 MB in a minute
CHUNKS: Final = Limits("intake.files", per_session=600, per_address=6_000)
WAIT_S: Final = 60


def _not_from_here(request: HttpRequest) -> JsonResponse:
    return _says(_("This did not come from our page"), 403)


def _slow_down(request: HttpRequest) -> JsonResponse:
    answer = _says(_("That was too many tries"), 429)
    answer["Retry-After"] = str(WAIT_S)
    return answer


@never_cache
@same_origin("POST", limits=ENTRIES, refuse=_not_from_here, slow_down=_slow_down)
def leave(request: HttpRequest) -> JsonResponse:
    """Sign out what was signed out on the phone while there was no network; the page's CSRF token is long gone."""
    logout(request)
    return _who(request)


@never_cache
@require_safe
def me(request: HttpRequest) -> JsonResponse:
    """Say who is signed in, as phones know her, and what time it is."""
    return _who(request)


def _who(request: HttpRequest) -> JsonResponse:
    name = request.user.get_full_name() if request.user.is_authenticated else ""
    return JsonResponse(
        {
            "author": author_key(request.user),
            "formerly": former_keys(request.user),
            "name": name,
            "now": now_ms(),
        }
    )


@never_cache
@same_origin("POST", limits=ENTRIES, refuse=_not_from_here, slow_down=_slow_down)
def take(request: HttpRequest) -> JsonResponse:
    """Take a batch of entries; of exactly one, the status says what became of it, too."""
    try:
        batch = wire.read_batch(request, dict(settings.LANGUAGES))
    except Malformed as malformed:
        return _says(malformed.words, malformed.status)
    with translation.override(batch.language or translation.get_language()):
        answers = take_all(request, batch)
        found: dict[str, Any] = {
            "author": author_key(request.user),
            "now": now_ms(),
            "results": [answer.as_json() for answer in answers],
        }
    return JsonResponse(found, status=answers[0].status if len(answers) == 1 else 200)


@never_cache
@same_origin("HEAD", "PUT", limits=CHUNKS, refuse=_not_from_here, slow_down=_slow_down)
def file(request: HttpRequest, sha256: str) -> HttpResponse:
    """Say how much of a file is here (HEAD), or take the next piece of it (PUT)."""
    if not request.user.is_authenticated and not strangers_send_files():
        return _says(_("Sign in, then this is sent."), 401)
    owner = Owner.of(request)
    if request.method == "HEAD":
        upload = uploads.uploads_of(owner).filter(sha256=sha256).first()
        return HttpResponse(status=404) if upload is None else _so_far(upload.received, upload.total)
    try:
        before = wire.read_piece(request)
        upload = uploads.put(owner, sha256, before)
    except Malformed as malformed:
        return _says(malformed.words, malformed.status)
    except WrongPlace as place:
        return _so_far(place.offset, place.total, status=409)
    except WrongTotal:
        return _says(_("This file is of another length than was said."), 400)
    except WrongContent:
        return _says(_("This file did not arrive as it was. It is sent again."), 422)
    except TooMuch:
        # 429, not 413: the photo is right, and there is room as soon as others of hers are taken
        answer = _says(_("Too many photos of yours wait here. Try again in some days."), 429)
        answer["Retry-After"] = str(WAIT_S)
        return answer
    return _so_far(upload.received, upload.total, status=200 if before.begins_at else 201)


def _so_far(received: int, total: int, status: int = 200) -> HttpResponse:
    headers = {"Upload-Offset": str(received), "Upload-Length": str(total)}
    return HttpResponse(status=status, headers=headers)


def _says(words: str, status: int) -> JsonResponse:
    return JsonResponse({"words": words}, status=status)
