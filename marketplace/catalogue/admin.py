"""Oscar's admin of this app."""

from oscar.apps.catalogue.admin import *  # noqa: F403
