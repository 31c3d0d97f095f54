"""Who may do what (the permission matrix), rate limits, and posts from cached pages.

Everybody may import it; it imports none of the apps above. An app's own ``access.py`` is found by itself and says
``matrix.register([...])`` for every URL name, and ``roles.register(provider)`` when it knows who somebody is. Start
with ``matrix.py``, then ``middleware.py``, which enforces it: an address that is in no row is closed.
"""
