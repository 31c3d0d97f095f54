"""Making an account by oneself, so that nobody can take a phone beforehand (stack.md, 2.1).

Who signs up with another's phone and never verifies it leaves a row with a password. That row must neither open the
door later nor keep the owner out: it is invisible to sign-in, and the next sign-up for the phone replaces it.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models.fields.reverse_related import ForeignObjectRel

from base.accounts.models import User

# What allauth and Django attach to a row before its phone is verified; it may go with the row.
_OF_NO_WEIGHT: Final = frozenset({"account", "mfa", "admin"})


def who_can_sign_in(phone: str) -> User | None:
    """Return the person of a phone: verified, or made by a helper without a password. Never an unverified sign-up."""
    user = User.objects.filter(phone=phone).first()
    if user is None or (user.phone_verified_at is None and user.has_usable_password()):
        return None
    return user


def make_room(phone: str) -> bool:
    """Clear away an unverified sign-up of ``phone``; False when the row has things attached and must stay.

    A row that stays loses its password, so that only a code to the phone opens it.
    """
    with transaction.atomic():
        row = User.objects.select_for_update().filter(phone=phone).first()
        if row is None:
            return True
        if row.phone_verified_at is not None or not row.has_usable_password():
            return False
        if row.last_login or row.is_staff or row.is_superuser or _has_attachments(row):
            row.set_unusable_password()
            row.save(update_fields=["password"])
            return False
        row.delete()
        return True


def _has_attachments(user: User) -> bool:
    for relation in user._meta.get_fields(include_hidden=True):  # hidden: foreign keys without a way back
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        model = relation.related_model
        if model._meta.app_label in _OF_NO_WEIGHT:
            continue
        if model._base_manager.filter(**{relation.field.name: user.pk}).exists():
            return True
    return False
