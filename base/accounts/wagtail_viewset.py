"""Wagtail's pages about people, with our forms."""

from __future__ import annotations

from django import forms
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from base.accounts.staff_forms import WagtailFields


class CreationForm(WagtailFields, UserCreationForm):
    """A new person."""

    password_required = False


class EditForm(WagtailFields, UserEditForm):
    """A known person."""


class UserViewSet(WagtailUserViewSet):
    """Named by ``wagtail_users.UsersConfig``."""

    def get_form_class(self, for_update: bool = False) -> type[forms.BaseForm]:
        """Return the form for a new or a known person."""
        return EditForm if for_update else CreationForm
