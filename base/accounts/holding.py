"""Hold a person: whoever writes several rows of hers at once locks her own row first, so that two do not cross."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import BigIntegerField, QuerySet

from base.prepared import Param, prepared


def hold(user_id: int) -> None:
    """Lock this user's row until the end of the transaction; others of hers wait. Again costs one query.

    "No key": rows that point to her (orders, sessions) can still be written by others.
    """
    _locked().rows(user_id=user_id)


@prepared
def _locked() -> QuerySet[Any, Any]:
    users = get_user_model()._default_manager.select_for_update(no_key=True)
    return users.filter(pk=Param("user_id", BigIntegerField())).values_list("pk")
