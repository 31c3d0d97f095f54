"""Courses, lessons, questions and what learners did. Never imports cms or marketplace.

Start with models.py (pages) and records.py (what people did); the verbs are in enrolment.py, progress.py, claims.py.
"""
