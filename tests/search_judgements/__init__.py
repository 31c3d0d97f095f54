"""Judged questions of the search: what people ask, which documents answer it, how people mistype it. See README.md."""
