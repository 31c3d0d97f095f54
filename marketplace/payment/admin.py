"""Oscar's admin of this app."""

from oscar.apps.payment.admin import *  # noqa: F403
