"""Our fork of Oscar's partner: fields in models.py, our own verbs in modules beside it."""
