"""Error pages in plain words that say what to do next.

config.urls names the handlers; the settings name `csrf_failure`.
"""

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.template import loader
from django.templatetags.static import static
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

log = logging.getLogger(__name__)

_LAST_RESORT = (
    "<!doctype html><html lang=vi><meta charset=utf-8><title>Làng Số</title>"
    "<p>Trang đang lỗi. Thử lại sau ít phút."
)


@dataclass(frozen=True)
class _Words:
    heading: str | Promise
    text: str | Promise
    icon: str = "warning"


_WORDS = {
    400: _Words(
        _("We could not read what was sent"), _("Go back, load the page again, then send once more.")
    ),
    403: _Words(
        _("This page is for other people"),
        _("Sign in with the right phone number, or ask your cooperative to open it for you."),
        "lock",
    ),
    404: _Words(
        _("There is no such page"),
        _("It may have been taken down, or the address is mistyped. Search above, or start from here."),
        "search",
    ),
    405: _Words(
        _("This address does not open like that"),
        _("Go back to the page and press the button there, or start from here."),
    ),
    409: _Words(
        _("This was already sent, with other words"),
        _("What you sent first was kept. Open the page again to see it, then change it there."),
    ),
    413: _Words(
        _("The photo is too heavy"),
        _(
            "Nothing was saved yet. Go back: what you typed is still there. Choose a lighter photo, look at the amount "
            "once more, then send again."
        ),
        "camera",
    ),
    429: _Words(
        _("That was too many tries"), _("Wait a few minutes, then try again. Nothing was lost."), "clock"
    ),
}

_ALLOW_COOKIES = _(
    "A cookie is a small note by which this site knows that it is you who sends. Allow cookies in the settings of the "
    "browser, or use another browser, then open the page again and send once more."
)


def page(
    request: HttpRequest,
    status: int,
    *,
    heading: str | Promise = "",
    text: str | Promise = "",
    back: str = "",
    retry_after_s: int | None = None,
) -> HttpResponse:
    """An error page for any status; heading and text replace the usual words, `back` is an address."""
    words = _WORDS.get(status, _WORDS[400])
    context = {
        "heading": heading or words.heading,
        "text": text or words.text,
        "icon_name": words.icon,
        "back": back,
        "status": status,
    }
    response = render(request, "shell/error.html", context, status=status)
    if retry_after_s is not None:
        response["Retry-After"] = str(retry_after_s)
    add_never_cache_headers(response)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """handler400; 413 for a form with files that weighs more than a request may, which only a photo does."""
    is_heavy = isinstance(exception, RequestDataTooBig) and request.content_type == "multipart/form-data"
    return page(request, 413 if is_heavy else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """handler403."""
    return page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """handler404."""
    return page(request, 404)


def too_many(request: HttpRequest, retry_after_s: int = 300) -> HttpResponse:
    """429, for a view that found its rate limit reached (handler429: allauth asks for it): how long to wait, and the
    way back to the page the person came from."""
    minutes = -(-retry_after_s // 60)
    text = ngettext(
        "Wait %(minutes)d minute, then try again. Nothing was lost.",
        "Wait %(minutes)d minutes, then try again. Nothing was lost.",
        minutes,
    )
    return page(
        request,
        429,
        text=text % {"minutes": minutes},
        back=_came_from(request),
        retry_after_s=retry_after_s,
    )


def wrong_method(request: HttpRequest, answer: HttpResponseNotAllowed) -> HttpResponse:
    """405 in words: nearly always the page after a refused post, loaded again or opened from the history."""
    response = page(request, 405, back=_came_from(request))
    response["Allow"] = answer["Allow"]
    return response


def _came_from(request: HttpRequest) -> str:
    """The page of ours that sent the request; nothing when the browser names none."""
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
    return urlsplit(came_from)._replace(scheme="", netloc="").geturl() if is_ours else ""


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: nearly always a page that stood open for too long, or a browser that keeps no cookies."""
    log.info("csrf refused %s: %s", request.path, reason)
    if reason == REASON_NO_CSRF_COOKIE and not request.COOKIES:
        return page(request, 403, heading=_("Your browser blocks cookies"), text=_ALLOW_COOKIES)
    return page(
        request,
        403,
        heading=_("This page was open for too long"),
        text=_("Go back, load the page again, then send once more. What you typed is still there."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: no database, no session, no context processor; at worst one plain sentence."""
    try:
        body: str = loader.render_to_string("500.html", {"style_sheet": _style_sheet()})
    except Exception:
        log.exception("the error page itself failed")
        body = _LAST_RESORT
    response = HttpResponse(body, status=500)
    add_never_cache_headers(response)
    return response


def _style_sheet() -> str:
    try:
        return static("shell/site.css")
    except ValueError:  # collectstatic has not run: the page is readable without it
        return ""
