"""``/song/`` (is the process alive) and ``/san-sang/`` (may it get visitors)."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from base.health import probes

STRICT: Final = "nghiem"


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Return 200 without touching anything: a process that cannot is to be restarted."""
    return HttpResponse("song\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Return 200 if the site can serve, 503 if not, and what each probe saw. Not ok and not essential: "degraded".

    Degraded is 200 for a proxy, which must not take every web process away because the outbox is dead, and 503 for a
    monitor that asks with ``?nghiem``, so that somebody is told.
    """
    found = probes.findings()
    is_up = all(finding.is_ok for probe, finding in found.items() if probe.is_essential)
    is_whole = all(finding.is_ok for finding in found.values())
    body = {
        "status": "ok" if is_whole else "degraded" if is_up else "down",
        "probes": {
            probe.name: {"ok": finding.is_ok, "note": finding.note} for probe, finding in found.items()
        },
    }
    return JsonResponse(body, status=200 if is_up and (is_whole or STRICT not in request.GET) else 503)
