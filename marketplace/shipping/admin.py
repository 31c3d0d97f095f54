"""Oscar's admin of this app."""

from oscar.apps.shipping.admin import *  # noqa: F403
