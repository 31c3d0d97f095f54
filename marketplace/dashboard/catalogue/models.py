"""Oscar's models of this app, unchanged so far; forked before the first migration so that fields can come later."""

from oscar.apps.dashboard.catalogue.models import *  # noqa: F403
