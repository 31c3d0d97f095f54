"""Oscar's admin of this app."""

from oscar.apps.partner.admin import *  # noqa: F403
