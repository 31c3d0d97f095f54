"""Provinces and communes after 1 July 2025, with names before the merger. Start with models.py."""
