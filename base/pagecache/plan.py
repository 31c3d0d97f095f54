"""What a view says about its public page while it makes it: stamps, life, or that it is not for everybody."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

from django.conf import settings

from base.pagecache import generations

log = logging.getLogger(__name__)


class NotPublic(RuntimeError):
    """A view that called itself public touched something of the visitor (session, CSRF token, cookie, CSP nonce)."""


@dataclass
class Plan:
    """One page being made; lives on the request as ``public_plan``."""

    path: str
    tokens: dict[str, str]  # stamp -> token, read before the view ran
    epoch: str
    late: set[str] = field(default_factory=set)
    ends_at: float | None = None  # Unix time after which the page would read differently
    is_public: bool = True

    @classmethod
    def start(cls, path: str, stamps: tuple[str, ...]) -> Plan:
        """Read the generations; call it before the view reads any data.

        Without a cache the page is made as ever, with tokens that no cache has: kept or not, it is never given again.
        """
        names = {generations.EVERY_PAGE, *stamps}
        try:
            epoch = generations.epoch()
            return cls(path=path, tokens=generations.read(names), epoch=epoch)
        except Exception:  # a broken cache costs speed, never pages
            log.exception("The page cache could not be read")
            return cls(path=path, tokens=dict.fromkeys(names, generations.new_token()), epoch="")

    def ends_by(self, moment: float) -> None:
        """Shorten the page's life to ``moment`` (Unix time) if it was longer."""
        self.ends_at = moment if self.ends_at is None else min(self.ends_at, moment)

    def life_s(self, now: float) -> float:
        """Return the seconds the page may live from ``now``: the site's limit, or less."""
        limit = float(settings.PAGE_CACHE_LIFE_S)
        return limit if self.ends_at is None else min(limit, self.ends_at - now)

    def final_tokens(self) -> dict[str, str] | None:
        """Return the tokens to keep the page with, or None if something changed while it was made."""
        late = self.late - self.tokens.keys()
        if not late:
            return self.tokens
        try:
            tokens = self.tokens | generations.read(late)
            return tokens if generations.epoch() == self.epoch else None  # the epoch is read last
        except Exception:
            log.exception("The page cache could not be read")
            return None

    def touched(self, what: str) -> None:
        """Note that the view used ``what`` of the visitor: raise where developers look, else just keep nothing."""
        self.is_public = False
        message = f"{self.path} calls itself public but used {what}; see docs/decisions/0004-page-cache.md"
        if settings.PAGE_CACHE_RAISES:
            raise NotPublic(message)
        log.error(message)

    def is_over(self) -> bool:
        """Return whether the page would read differently by now."""
        return self.ends_at is not None and self.ends_at <= time.time()
