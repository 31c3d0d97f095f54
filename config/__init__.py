"""The project: settings, addresses and the entry points. It may import everything; nothing imports it."""
