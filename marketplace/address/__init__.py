"""Our fork of Oscar's address: fields in models.py, our own verbs in modules beside it."""
