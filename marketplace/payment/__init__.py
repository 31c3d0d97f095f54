"""Our fork of Oscar's payment: fields in models.py, our own verbs in modules beside it."""
