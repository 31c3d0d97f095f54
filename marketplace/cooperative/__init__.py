"""Cooperatives, who runs them, where buyers collect and when orders are taken."""
