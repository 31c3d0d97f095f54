"""Oscar's admin of this app."""

from oscar.apps.customer.admin import *  # noqa: F403
