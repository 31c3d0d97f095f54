"""Oscar's admin of this app."""

from oscar.apps.address.admin import *  # noqa: F403
