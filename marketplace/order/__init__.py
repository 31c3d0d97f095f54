"""Our fork of Oscar's order: fields in models.py, our own verbs in modules beside it."""
