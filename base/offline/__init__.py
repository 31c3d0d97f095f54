"""What a phone can do without a network: packs of pages, the worker's configuration, the installable site.

Everybody below may import it. Who has pages to carry registers a ``PackSource`` (``packs.py``) in its app's
``ready()``; a page's files, hashes and version come out of ``building.py``; ``views.py`` gives them out. Scripts:
``static/offline/``. What is kept where, and what happens when something fails: docs/offline.md.
"""
