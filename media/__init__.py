"""Photos and files: one way in, few agreed sizes, nothing private served without a question.

May import base only. Start with ``ingest.py`` (what comes in), then ``photos.py`` (verbs), ``renditions.py`` (the only
list of sizes) and ``private.py`` (who may see what is not public). Why: docs/decisions/0006-photos.md.
"""
