"""The decorator for public views, and the anonymous request that it hands to them."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any, Final, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, QueryDict

from base.pagecache.plan import NotPublic, Plan
from base.pagecache.query import known_names, pairs

__all__ = ["NotPublic", "expires_at", "public_page", "touches", "visitors_own"]

View = Callable[..., HttpResponseBase]
KEPT_HEADERS: Final = frozenset({"HTTP_HOST", "HTTP_SAVE_DATA"})  # all other request headers are hidden
PLAN: Final = "public_plan"
ORIGINAL: Final = "public_original"


def public_page(stamps: Iterable[str] = (), query: Iterable[str] = ()) -> Callable[[View], View]:
    """Mark a view as public: it sees an anonymous visitor, and what it answers is kept whole for everybody.

    ``stamps`` name what the page shows; ``query`` the query names it reads, all others are hidden from it. Only a
    GET or HEAD is treated so; other methods reach the view untouched.
    """
    fixed, names = tuple(stamps), frozenset(query)
    known_names.update(names)

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD") or getattr(request, "is_dummy", False):
                return view(request, *args, **kwargs)
            plan = Plan.start(request.path, fixed)
            setattr(request, PLAN, plan)
            response = view(anonymous(request, names, plan), *args, **kwargs)
            if plan.is_public and response.cookies:
                plan.touched("a cookie of its own")
            return response

        return wrapped

    return decorate


def plan_of(request: HttpRequest) -> Plan | None:
    """Return the plan of the page being made, or None outside a public page."""
    return getattr(request, PLAN, None)


def touches(request: HttpRequest, *stamps: str) -> None:
    """Say that the page shows these things too. Without effect outside a public page."""
    if (plan := plan_of(request)) is not None:
        plan.late.update(stamps)


def expires_at(request: HttpRequest, when: dt.datetime | None) -> None:
    """Say that the page reads differently from ``when`` on (aware); the earliest of several counts."""
    if (plan := plan_of(request)) is not None and when is not None:
        plan.ends_by(when.timestamp())


def visitors_own(request: HttpRequest) -> HttpRequest:
    """Return the visitor's own request and keep nothing: for a page that turns out to be for some people only."""
    if (plan := plan_of(request)) is not None:
        plan.is_public = False
    return getattr(request, ORIGINAL, request)


def anonymous(request: HttpRequest, names: frozenset[str], plan: Plan) -> HttpRequest:
    """Return a copy of the request without user, session, cookies, messages, foreign headers and unlisted query."""
    from django.contrib.auth.models import AnonymousUser  # models may not be imported while apps load

    twin = copy.copy(request)
    for cached in ("headers", "_messages", "_cached_user", "accepted_types"):
        twin.__dict__.pop(cached, None)
    kept = {*KEPT_HEADERS, *(settings.SECURE_PROXY_SSL_HEADER or ())[:1]}
    clean = {
        name: value for name, value in request.META.items() if not name.startswith("HTTP_") or name in kept
    }
    clean.pop("CSRF_COOKIE", None)
    clean["QUERY_STRING"] = urlencode(pairs(request, names))
    twin.META = _SealedMeta(clean, plan, request.META)
    twin.GET = QueryDict(clean["QUERY_STRING"])
    twin.COOKIES = {}
    twin.user = AnonymousUser()
    twin.session = cast(Any, _Sealed("the session", getattr(request, "session", None), plan))
    nonce = _Sealed("a CSP nonce", getattr(request, "csp_nonce", ""), plan)
    twin.__dict__.update({"csp_nonce": nonce, ORIGINAL: request})
    return twin


class _SealedMeta(dict[str, Any]):
    """Request META that notices Django's ``get_token``, which would set the CSRF cookie."""

    def __init__(self, clean: dict[str, Any], plan: Plan, original: dict[str, Any]) -> None:
        super().__init__(clean)
        self._plan, self._original = plan, original

    def __setitem__(self, name: str, value: Any) -> None:
        if name == "CSRF_COOKIE_NEEDS_UPDATE":
            self._plan.touched("a CSRF token")
        if name.startswith("CSRF_COOKIE"):
            self._original[name] = value  # in production the form must still work
        super().__setitem__(name, value)

    def update(self, *args: Any, **kwargs: Any) -> None:
        for name, value in dict(*args, **kwargs).items():
            self[name] = value


class _Sealed:
    """Stands where something of the visitor was; any use is noticed, and goes through only in production."""

    def __init__(self, what: str, real: Any, plan: Plan) -> None:
        self.__dict__.update(_what=what, _real=real, _plan=plan)

    def _open(self) -> Any:
        self._plan.touched(self._what)
        return self._real

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # copy and inspection ask for such names
            raise AttributeError(name)
        return getattr(self._open(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._open(), name, value)

    def __getitem__(self, name: str) -> Any:
        return self._open()[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._open()[name] = value

    def __delitem__(self, name: str) -> None:
        del self._open()[name]

    def __contains__(self, name: str) -> bool:
        return name in self._open()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._open())

    def __str__(self) -> str:
        return str(self._open())
