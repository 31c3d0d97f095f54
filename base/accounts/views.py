"""My page, my name, a new password; signing in itself is allauth's."""

from __future__ import annotations

import time
from typing import Final, cast

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from base.access import rates
from base.accounts.doors import doors_of
from base.accounts.forms import NameForm, PasswordForm
from base.accounts.models import User
from base.shell import errors

CODE_COUNTS_S: Final = 15 * 60  # so long after signing in by code a forgotten password may be replaced


@never_cache
@require_http_methods(["GET", "HEAD"])
def home(request: HttpRequest) -> HttpResponse:
    """My page: who I am and where I can go."""
    return render(request, "accounts/home.html", {"doors": doors_of(request), "nav": "me"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """Change one's own name."""
    form = NameForm(request.POST or None, instance=User.objects.get(pk=cast("User", request.user).pk))
    if form.is_valid():
        form.save()
        messages.success(request, _("Your name is saved."))
        return redirect("accounts:home")
    return render(request, "accounts/name.html", {"form": form, "nav": "me"})


@never_cache
@sensitive_post_parameters("old_password", "new_password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Choose a new password: with the old one, or right after signing in by code."""
    user = cast("User", request.user)
    asks_old = user.has_usable_password() and not _has_just_used_code(request, user)
    if request.method == "POST" and asks_old and not rates.hit("password.change", str(user.pk), 10, 600):
        return errors.too_many(request, retry_after_s=600)
    form = PasswordForm(request.POST or None, user=user, asks_old=asks_old)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, user)
        messages.success(request, _("Your new password is saved."))
        return redirect("accounts:home")
    return render(request, "accounts/password.html", {"form": form, "asks_old": asks_old, "nav": "me"})


def another_door(request: HttpRequest, back: str = "/quan-tri/") -> HttpResponse:
    """The sign-in pages of Wagtail, Django's admin and Oscar: all lead to ours. Who is signed in and still was sent
    here has no right to what is behind, and must not be sent round and round."""
    if request.user.is_authenticated:
        raise PermissionDenied
    query = urlencode({"next": request.GET.get("next") or back})
    return redirect(f"{reverse('account_login')}?{query}")


def _has_just_used_code(request: HttpRequest, user: User) -> bool:
    records = get_authentication_records(request, user)
    return any(r["method"] == "code" and time.time() - r["at"] < CODE_COUNTS_S for r in records)
