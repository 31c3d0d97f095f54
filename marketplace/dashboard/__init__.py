"""Our fork of Oscar's dashboard: fields in models.py, our own verbs in modules beside it."""
