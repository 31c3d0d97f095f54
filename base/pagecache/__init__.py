"""Public pages kept whole and given to everybody until what they show changes.

Everybody may import it. A view says ``@public_page(stamps=("market",), query=("nhom", "trang"))``; while it renders
it may add ``touches(request, "product:12")`` and ``expires_at(request, when)``, or find out that this page is not
for everybody (``visitors_own``). Whoever changes something calls ``bump("product:12", "market")`` in its transaction.
Why and how fast: docs/decisions/0004-page-cache.md. Start with ``public.py``, then ``middleware.py``.
"""

from base.pagecache.generations import bump
from base.pagecache.public import NotPublic, expires_at, public_page, touches, visitors_own

__all__ = ["NotPublic", "bump", "expires_at", "public_page", "touches", "visitors_own"]
