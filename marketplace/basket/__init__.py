"""Our fork of Oscar's basket: fields in models.py, our own verbs in modules beside it."""
