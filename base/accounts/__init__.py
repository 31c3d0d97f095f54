"""People who sign in: phone first, e-mail optional; one sign-in for all doors, a second factor for staff.

Everybody may import it; it imports allauth, and of ours only access, outbox and shell. Start with ``models.py``, then
``adapter.py`` (how allauth is bent to phones) and ``registration.py`` (why nobody can take a phone beforehand).
Decisions: docs/decisions/0005-accounts-and-access.md.
"""
