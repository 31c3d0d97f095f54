"""Our fork of Oscar's dashboard.catalogue: fields in models.py, our own verbs in modules beside it."""
