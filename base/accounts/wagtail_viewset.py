"""Wagtail's pages about people, with our forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import CreateView, EditView
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from base.accounts.staff_forms import WagtailFields


class CreationForm(WagtailFields, UserCreationForm):
    """A new person."""

    password_required = False


class EditForm(WagtailFields, UserEditForm):
    """A known person."""


class _NobodyAboveOneself:
    """Only superusers make superusers: whoever may change people could otherwise make herself one."""

    request: Any

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        """Return the form; the box "administrator" stays shut to all others."""
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]  # the other base has it
        if not self.request.user.is_superuser and "is_superuser" in form.fields:
            form.fields["is_superuser"].disabled = True
        return form


class CreatePerson(_NobodyAboveOneself, CreateView):
    """Make an account."""


class EditPerson(_NobodyAboveOneself, EditView):
    """Change an account; a superuser's (whose new phone would open it by code) only as one."""

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        """Return the person. Raises PermissionDenied."""
        person = super().get_object(*args, **kwargs)
        if person.is_superuser and not self.request.user.is_superuser:
            raise PermissionDenied
        return person


class UserViewSet(WagtailUserViewSet):
    """Named by ``wagtail_users.UsersConfig``."""

    add_view_class = CreatePerson
    edit_view_class = EditPerson

    def get_form_class(self, for_update: bool = False) -> type[forms.BaseForm]:
        """Return the form for a new or a known person."""
        return EditForm if for_update else CreationForm
