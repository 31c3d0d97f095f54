"""Oscar's admin of this app."""

from oscar.apps.basket.admin import *  # noqa: F403
