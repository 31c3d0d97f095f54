"""What a phone asks about its packs when it meets the site again, and what it is told."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import translation

from base.offline.building import pack_of
from base.offline.packs import is_private
from base.offline.rendering import Unavailable

log = logging.getLogger(__name__)

MOST: Final = 100  # packs on one phone
MOST_PRIVATE: Final = 10  # of them desks: each is made anew for who asks, 160 ms with a hundred orders
WORD: Final = re.compile(r"[-\w]{1,60}", re.ASCII)
SAME, CHANGED, GONE, HELD = "same", "changed", "gone", "held"


@dataclass(frozen=True, slots=True)
class Asked:
    """A pack on a phone, as it says."""

    kind: str
    id: str
    language: str
    version: str


def asked_about(data: Any) -> list[Asked]:
    """Return the packs of a question. Raises ValueError for what is no such question."""
    packs = data.get("packs") if isinstance(data, Mapping) else None
    if not isinstance(packs, list):
        raise ValueError("no list of packs")
    return [_asked(one) for one in packs]


def _asked(one: Any) -> Asked:
    if not isinstance(one, Mapping):
        raise ValueError("no pack")
    words = [one.get(name, "") for name in ("kind", "id", "language", "version")]
    if not all(isinstance(word, str) for word in words) or not all(
        WORD.fullmatch(word) for word in words[:3]
    ):
        raise ValueError("no such words")
    return Asked(*words)


def states_of(request: HttpRequest, asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """Return what ``state_of`` says of each of the first ``MOST``; desks beyond ``MOST_PRIVATE`` are not looked at."""
    desks, told = 0, []
    for one in asked[:MOST]:
        desks += is_private(one.kind)
        is_looked_at = desks <= MOST_PRIVATE or not is_private(one.kind)
        told.append(state_of(request, one) if is_looked_at else _as_asked(one) | {"state": SAME})
    return told


def state_of(request: HttpRequest, one: Asked) -> dict[str, Any]:
    """Return "same", "changed", "gone" (withdrawn, not hers any more) or "held": nobody is signed in, keep it hidden.

    What the site cannot look at just now is "same": only what is certain may take a pack off a phone.
    """
    told = _as_asked(one)
    if one.language not in dict(settings.LANGUAGES):
        return told | {"state": GONE}
    try:
        if is_private(one.kind) and not request.user.is_authenticated:
            return told | {"state": HELD}
        with translation.override(one.language):
            pack = pack_of(request, one.kind, one.id)
    except (Http404, PermissionDenied):
        return told | {"state": GONE}
    except Unavailable:
        return told | {"state": SAME}
    except Exception:  # one pack's fault must not keep the others of a phone from being renewed or withdrawn
        log.exception("the pack %s/%s could not be made", one.kind, one.id)
        return told | {"state": SAME}
    state = SAME if pack.version == one.version else CHANGED
    return told | {"state": state, "version": pack.version, "bytes": pack.bytes}


def _as_asked(one: Asked) -> dict[str, Any]:
    return {"kind": one.kind, "id": one.id, "language": one.language, "version": one.version, "bytes": None}
