"""Things that a device sends, each taken in once (design.md, decision 7). Start with verbs.py."""
