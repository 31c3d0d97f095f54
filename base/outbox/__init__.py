"""Effects after commit: rows written in the caller's transaction, drained by one process in order per key.

Everybody may import it. Start with ``verbs.py`` (enqueue), then ``drain.py`` and ``lanes.py`` (each topic beside the
others); why a table of our own: docs/decisions/0003-outbox.md.
"""

from base.outbox.drain import drain
from base.outbox.handlers import Away, Permanent, handler
from base.outbox.verbs import enqueue, is_waiting

__all__ = ["Away", "Permanent", "drain", "enqueue", "handler", "is_waiting"]
