"""Our fork of Oscar's customer: fields in models.py, our own verbs in modules beside it."""
