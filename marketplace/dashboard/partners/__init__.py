"""Our fork of Oscar's dashboard.partners: households are read here; who belongs to them is the cooperative's to say."""
