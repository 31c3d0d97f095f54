"""Liveness and readiness for whoever watches the site; other apps register probes. No models, no app.

``/song/`` answers while the process can answer at all; ``/san-sang/`` asks every probe,
``/san-sang/?nghiem`` lets no degraded one pass. Start with ``probes.py``.
"""

from base.health.probes import Finding, register

__all__ = ["Finding", "register"]
