"""Our fork of Oscar's catalogue: fields in models.py, our own verbs in modules beside it."""
