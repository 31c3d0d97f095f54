"""The installable site, the page of what is saved, and packs: manifest, files, the signed file, contact."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from base.access import rates
from base.access.client import client_ip
from base.access.posts import same_origin_post
from base.intake import kinds
from base.intake.authors import author_key
from base.intake.wire import SHA256, now_ms
from base.offline import installing, ranges, signing
from base.offline import worker as worker_file
from base.offline.building import Pack, file_of, pack_of
from base.offline.contact import asked_about, states_of
from base.offline.packs import source
from base.offline.rendering import Unavailable
from base.pagecache import public_page

EXPORTS: Final = 60  # signed files for one address in an hour: a village may stand behind it
EXPORTS_PER_S: Final = 3600
FOREVER: Final = "public, max-age=31536000, immutable"
NEVER: Final = "private, no-store"
ASK_AGAIN: Final = "no-cache"
LARGEST_QUESTION: Final = 64 * 1024  # bytes

View = Callable[..., HttpResponseBase]


def in_words(view: View) -> View:
    """Answer a script in JSON, also when something is not there, not yours, or cannot be made just now."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return _words(_("This is not there any more, or has changed. Open its page again."), 404)
        except PermissionDenied:
            return _words(_("This belongs to somebody else. Sign in with the right phone number."), 403)
        except Unavailable:
            response = _words(_("The site cannot do this just now. Try again in a few minutes."), 503)
            response["Retry-After"] = "60"
            return response

    return wrapped


@require_safe
@in_words  # 503 while a page that it keeps cannot be made: the worker that a phone has stays
def worker(request: HttpRequest) -> HttpResponseBase:
    """/sw.js, asked for by every phone at each visit: small, never kept without asking."""
    response = HttpResponse(worker_file.script(request), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    return _settled(request, response)


@require_safe
def install(request: HttpRequest) -> HttpResponseBase:
    """/manifest.webmanifest: what a phone needs to put the site among its apps."""
    response = JsonResponse(installing.manifest(), json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/manifest+json"
    return _settled(request, response)


@public_page()
def nothing(request: HttpRequest) -> HttpResponseBase:
    """The page that a phone shows without a network for an address of which it has no copy."""
    return render(request, "offline/nothing.html")


@public_page()
def saved(request: HttpRequest) -> HttpResponseBase:
    """What is saved on this phone and what waits to be sent: the phone itself fills it in."""
    context = {
        "key": signing.public_key(),
        "contact": reverse("offline:contact"),
        "kinds": list(kinds.every()),
    }
    return render(request, "offline/saved.html", context)


@require_safe
@in_words
def pack(request: HttpRequest, kind: str, id: str) -> HttpResponseBase:
    """The manifest: names, hashes and sizes, so that a phone can say what it costs and fetch only what it lacks."""
    found = pack_of(request, kind, id)
    response = JsonResponse(found.manifest(), json_dumps_params={"ensure_ascii": False})
    if found.author:
        response["Cache-Control"] = NEVER
        return response
    return _settled(request, response, mark=f"{found.version}-{found.expires or ''}")


@require_safe
@in_words
def file(request: HttpRequest, kind: str, id: str, name: str) -> HttpResponseBase:
    """One file of a pack by its hash, whole or a range of it."""
    found = file_of(request, kind, id, name) if SHA256.fullmatch(name) else None
    if found is None:
        raise Http404
    known, data = found
    keep = NEVER if source(kind).is_private else FOREVER
    return ranges.answer(request, data, name=name, is_text=known.is_text, cache_control=keep)


@require_safe
@in_words
def carried(request: HttpRequest, kind: str, id: str) -> HttpResponseBase:
    """The signed file of a public pack, to be carried by memory card."""
    if source(kind).is_private:
        raise Http404
    if not rates.hit("offline.carried", client_ip(request), EXPORTS, EXPORTS_PER_S):
        response = _words(_("Too many packs at once. Wait a while, then try again."), 429)
        response["Retry-After"] = str(EXPORTS_PER_S)
        return response
    found = pack_of(request, kind, id)
    data = signing.carried(found, lambda one: _bytes_of(request, found, one.sha256))
    if data is None:  # changed since the manifest was made
        raise Unavailable
    answer = HttpResponse(data, content_type="application/zip")
    name = f"{kind}-{id}-{found.language}.{signing.SUFFIX}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = ASK_AGAIN
    return answer


@same_origin_post
def contact(request: HttpRequest) -> HttpResponseBase:
    """Say of each pack on a phone whether it is still the same; what was withdrawn goes with this answer."""
    if len(request.body) > LARGEST_QUESTION:
        return _words(_("That was too much at once."), 413)
    try:
        asked = asked_about(json.loads(request.body))
    except (ValueError, RecursionError):
        return _words(_("We could not read what was sent"), 400)
    told = states_of(request, asked)
    answer = {"now": now_ms(), "author": author_key(request.user), "packs": told}
    response = JsonResponse(answer)
    response["Cache-Control"] = NEVER
    return response


def _bytes_of(request: HttpRequest, found: Pack, name: str) -> bytes | None:
    there = file_of(request, found.kind, found.id, name)
    return there[1] if there else None


def _words(words: str, status: int) -> JsonResponse:
    response = JsonResponse({"words": words}, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = NEVER
    return response


def _settled(request: HttpRequest, response: HttpResponse, mark: str = "") -> HttpResponse:
    """Return the answer with a mark of its own, or 304 for a phone that has it."""
    etag = f'W/"{mark or worker_file.mark_of(response.content)}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = _kept_headers(response, HttpResponseNotModified())
    response["ETag"] = etag
    response["Cache-Control"] = ASK_AGAIN
    return response


def _kept_headers(old: HttpResponse, new: HttpResponse) -> HttpResponse:
    if "Service-Worker-Allowed" in old:
        new["Service-Worker-Allowed"] = old["Service-Worker-Allowed"]
    return new
