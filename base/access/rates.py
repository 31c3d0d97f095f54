"""Rate limits in the database: one atomic statement counts and answers, so they hold over all processes."""

from __future__ import annotations

import time
from typing import Final

from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac

from base.access.models import Hits
from base.outbox import forgetting

_COUNT: Final = """
INSERT INTO access_hits (digest, count, ends_at) VALUES (%s, 1, %s)
ON CONFLICT (digest) DO UPDATE SET
  count = CASE WHEN access_hits.ends_at <= %s THEN 1 ELSE access_hits.count + 1 END,
  ends_at = CASE WHEN access_hits.ends_at <= %s THEN excluded.ends_at ELSE access_hits.ends_at END
RETURNING count
"""


def hit(scope: str, key: str, limit: int, per_s: int) -> bool:
    """Count one try of ``key`` (a phone, an address, a session) at ``scope``; False when that is over ``limit``.

    The window begins with the first try and lasts ``per_s`` seconds. A transaction that is rolled back takes the count
    with it: count tries outside, and inside only what counts when it is done.
    """
    now = int(time.time())
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [_digest(scope, key), now + per_s, now, now])
        count: int = cursor.fetchone()[0]
    return count <= limit


def take_back(scope: str, key: str) -> None:
    """Undo one ``hit``: what was counted beforehand, so that many at once cannot pass, turned out not to count."""
    running = Hits.objects.filter(digest=_digest(scope, key), ends_at__gt=int(time.time()), count__gt=0)
    running.update(count=F("count") - 1)


def is_over(scope: str, key: str, limit: int) -> bool:
    """Whether ``key`` has used up its ``limit`` at ``scope``; counts nothing."""
    row = Hits.objects.filter(digest=_digest(scope, key), ends_at__gt=int(time.time())).values_list(
        "count", flat=True
    )
    return (row.first() or 0) >= limit


def seconds_left(scope: str, key: str) -> int:
    """Return how long the running window of ``key`` at ``scope`` still lasts, 0 when there is none."""
    ends_at = Hits.objects.filter(digest=_digest(scope, key)).values_list("ends_at", flat=True).first()
    return max(0, (ends_at or 0) - int(time.time()))


def forget(scope: str, key: str) -> None:
    """Begin anew, for instance after the right password."""
    Hits.objects.filter(digest=_digest(scope, key)).delete()


def prune() -> int:
    """Delete windows that are over; returns how many. The process that drains the outbox calls it now and then."""
    return forgetting.forget(Hits.objects.filter(ends_at__lte=int(time.time())))


def _digest(scope: str, key: str) -> str:
    return salted_hmac(f"base.access.rates.{scope}", key, algorithm="sha256").hexdigest()
