"""Posts from cached pages: such a page holds no CSRF token, so the browser's own word on where it came from counts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from base.access import rates
from base.access.client import client_ip
from base.shell import errors

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

PER_SESSION = 60  # posts a minute: nobody taps faster
PER_ADDRESS = 600  # a whole commune may stand behind one address


def same_origin_post(view: View) -> View:
    """Let only POSTs through that a page of ours sent: for forms on cached pages (design.md, decision 8).

    Replaces the CSRF token: another site cannot forge ``Sec-Fetch-Site``, ``Origin`` or ``Referer``. A browser that
    sends none of the three is refused with a page that says what to do. Counts per session and per address.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not is_from_here(request):
            return _refuse(request)
        if not _within_limits(request):
            return errors.too_many(request, retry_after_s=60)
        return view(request, *args, **kwargs)

    guarded.csrf_exempt = True  # type: ignore[attr-defined]  # what Django's csrf_exempt does, too
    guarded.is_same_origin_post = True  # type: ignore[attr-defined]  # the walk over all URLs looks for it
    return cast("View", guarded)


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this very site sent the request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    here = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == here
    referer = urlsplit(request.headers.get("Referer", ""))
    return f"{referer.scheme}://{referer.netloc}" == here


def _within_limits(request: HttpRequest) -> bool:
    key = request.session.session_key
    if key and not rates.hit("post.session", key, PER_SESSION, 60):
        return False
    return rates.hit("post.address", client_ip(request), PER_ADDRESS, 60)


def _refuse(request: HttpRequest) -> HttpResponseBase:
    return errors.page(
        request,
        403,
        heading=_("This did not come from our page"),
        text=_("Open the page again here, then press the button once more. If your browser hides where it comes from, "
               "allow it for this site or use another browser."),
    )  # fmt: skip
