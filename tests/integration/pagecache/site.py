"""A tiny site for the tests of the page cache: its views count how often they run."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from django.conf.urls.i18n import i18n_patterns
from django.contrib.messages import get_messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path

from base.pagecache import expires_at, public_page, touches, visitors_own

runs: Final[Counter[str]] = Counter()
state: Final[dict[str, Any]] = {}  # what the pages show; the tests change it
before_reading: Final[dict[str, Callable[[], None]]] = {}
after_reading: Final[dict[str, Callable[[], None]]] = {}
lock: Final = threading.Lock()


def reset() -> None:
    """Start every test from the same site."""
    runs.clear()
    state.clear()
    before_reading.clear()
    after_reading.clear()


def _hook(hooks: dict[str, Callable[[], None]], name: str) -> None:
    if name in hooks:
        hooks[name]()


@public_page(stamps=("market",), query=("nhom", "trang"))
def market(request: HttpRequest) -> HttpResponse:
    with lock:
        runs["market"] += 1
    _hook(before_reading, "market")
    goods = state.get("goods", "măng khô")
    _hook(after_reading, "market")
    return HttpResponse(
        f"<h1>Chợ</h1><p>{goods}</p><p>user={request.user}</p><p>query={request.META['QUERY_STRING']}</p>"
        f"<p>host={request.get_host()} url={request.build_absolute_uri()}</p>"
        f"<p>agent={request.headers.get('User-Agent', '')}</p>"
        f"<p>forwarded={request.headers.get('X-Forwarded-Host', '')}</p>"
        f"<p>messages={len(get_messages(request))}</p>" + "<p>Rau cải mèo, 15.000 ₫/kg</p>" * 200
    )


@public_page()
def product(request: HttpRequest, pk: int) -> HttpResponseBase:
    runs["product"] += 1
    goods = state.get("goods", "măng khô")
    _hook(after_reading, "product")
    touches(request, f"product:{pk}")
    expires_at(request, state.get("ends"))
    return HttpResponse(f"<p>{pk}: {goods}</p>")


@public_page(stamps=("pages",))
def rendered(request: HttpRequest) -> TemplateResponse:
    runs["rendered"] += 1
    template = engines["django"].from_string(state.get("template", "<p>{{ request.user }}</p>"))
    return TemplateResponse(request, template)


@public_page()
def odd(request: HttpRequest, kind: str) -> HttpResponseBase:
    runs[kind] += 1
    if kind == "404":
        raise Http404
    if kind == "500":
        raise RuntimeError("on purpose")
    if kind == "session":
        return HttpResponse(request.session.get("x", "nothing"))
    if kind == "csrf":
        return HttpResponse(get_token(request))
    if kind == "nonce":
        return HttpResponse(str(request.csp_nonce))  # type: ignore[attr-defined]
    response: HttpResponseBase = HttpResponse("odd")
    if kind == "cookie":
        response.set_cookie("a", "b")
    elif kind == "private":
        response["Cache-Control"] = "private"
    elif kind == "streaming":
        response = StreamingHttpResponse(iter([b"a", b"b"]))
    elif kind == "403":
        response.status_code = 403
    elif kind == "restricted":
        own = visitors_own(request)
        response = HttpResponse(f"for {own.user} only")
    return response


def personal(request: HttpRequest) -> HttpResponse:
    runs["personal"] += 1
    return HttpResponse(f"<p>{request.user}</p>" * 100)


def moment(seconds: float) -> dt.datetime:
    """Return the time in so many seconds."""
    return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)


urlpatterns = i18n_patterns(
    path("cho/", market, name="market"),
    path("cho/<int:pk>/", product),
    path("trang/", rendered),
    path("la/<str:kind>/", odd),
    path("toi/", personal),
    path("quan-tri/", personal),
    path("quan-tri/he-thong/", personal),
    prefix_default_language=False,
)
