"""Our fork of Oscar's dashboard.orders: orders are read here, and changed as a whole."""
