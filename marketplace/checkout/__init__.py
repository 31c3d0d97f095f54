"""Our fork of Oscar's checkout: fields in models.py, our own verbs in modules beside it."""
