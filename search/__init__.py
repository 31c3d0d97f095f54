"""One search over every kind of thing on the site.

`search` knows no app: each app registers a `DocumentSource` (documents.py, registry.py) in its `ready()`.
A change travels `indexing.changed()` -> outbox -> `engines.current_engine().write()`; a question travels
`views.results` -> `finding.find()` -> engine -> the source's `cards()`. `text.py` and `analysis.py` say how
both engines see words. `suggest.py` completes half words, `api.py` answers in JSON.
May be imported by cms, learning, marketplace and config; imports only `base`.
"""
