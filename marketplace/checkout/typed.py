"""What somebody typed at checkout and could not order yet: kept in their session until the order is placed."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from marketplace.checkout.forms import CheckoutForm

SESSION_KEY: Final = "checkout"
LONGEST: Final = 400  # characters of a field; the form takes 300


def keep(request: HttpRequest, form: CheckoutForm) -> None:
    """Remember what was sent, for the same person on the same phone."""
    fields = {
        name: request.POST[name][:LONGEST]
        for name in form.fields
        if name in request.POST and name != "entry_id"
    }
    request.session[SESSION_KEY] = {"user": request.user.pk, "fields": fields}


def kept(request: HttpRequest) -> dict[str, str]:
    """Return what was typed, by field; nothing once another person has signed in."""
    found = request.session.get(SESSION_KEY, {})
    return found["fields"] if found and found["user"] == request.user.pk else {}


def forget(request: HttpRequest) -> None:
    """Let go of it: the order is placed."""
    request.session.pop(SESSION_KEY, None)
