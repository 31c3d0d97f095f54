"""Our fork of Oscar's shipping: fields in models.py, our own verbs in modules beside it."""
