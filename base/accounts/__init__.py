"""People who sign in: phone first, e-mail optional. Imports nothing but Django and allauth. Start with models.py."""
