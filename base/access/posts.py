"""Posts from cached pages: such a page holds no CSRF token, so the browser's own word on where it came from counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from base.access import rates
from base.access.client import client_ip
from base.shell import errors

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests a minute; ``scope`` names what is counted together."""

    scope: str
    per_session: int
    per_address: int


# nobody taps faster; a whole commune may stand behind one address
FORMS: Final = Limits("post", per_session=60, per_address=600)


def too_many(request: HttpRequest) -> HttpResponseBase:
    """Answer 429 with a page."""
    return errors.too_many(request, retry_after_s=60)


def not_from_here(request: HttpRequest) -> HttpResponseBase:
    """Answer 403 with a page that says what to do."""
    return errors.page(
        request,
        403,
        heading=_("This did not come from our page"),
        text=_("Open the page again here, then press the button once more. If your browser hides where it comes from, "
               "allow it for this site or use another browser."),
    )  # fmt: skip


def same_origin(
    *methods: str,
    limits: Limits | None = None,
    refuse: Callable[[HttpRequest], HttpResponseBase] = not_from_here,
    slow_down: Callable[[HttpRequest], HttpResponseBase] = too_many,
) -> Callable[[View], View]:
    """Let only such requests through that a page or script of ours sent (design.md, decision 8).

    Replaces the CSRF token: another site cannot forge ``Sec-Fetch-Site``, ``Origin`` or ``Referer``. A browser that
    sends none of the three is refused. Counts per session and per address.
    """

    def decorated(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if not is_from_here(request):
                return refuse(request)
            if not _is_within(request, limits or FORMS):
                return slow_down(request)
            return view(request, *args, **kwargs)

        guarded.csrf_exempt = True  # type: ignore[attr-defined]  # what Django's csrf_exempt does, too
        guarded.is_same_origin_post = True  # type: ignore[attr-defined]  # the walk over all URLs looks for it
        return cast("View", guarded)

    return decorated


def same_origin_post(view: View) -> View:
    """Let only POSTs through that a page of ours sent: for forms on cached pages."""
    return same_origin("POST")(view)


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


def _is_within(request: HttpRequest, limits: Limits) -> bool:
    key = request.session.session_key
    if key and not rates.hit(f"{limits.scope}.session", key, limits.per_session, 60):
        return False
    return rates.hit(f"{limits.scope}.address", client_ip(request), limits.per_address, 60)
