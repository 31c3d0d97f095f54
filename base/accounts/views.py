"""My page, my name, a new password, the door for a code shown by a manager; other signing in is allauth's."""

from __future__ import annotations

import time
from typing import Final, cast

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
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
from base.access.client import client_ip
from base.accounts import in_person
from base.accounts.doors import doors_of
from base.accounts.forms import NameForm, PasswordForm, ShownCodeForm
from base.accounts.models import ShownCode, User
from base.shell import errors

CODE_COUNTS_S: Final = 15 * 60  # so long after signing in by code a forgotten password may be replaced
SHOWN_CODES: Final = 5  # on my page
TRIES_PER_ADDRESS: Final = 60  # in ten minutes: a commune shares one address
TRIES_PER_PHONE: Final = 15


@never_cache
@require_http_methods(["GET", "HEAD"])
def home(request: HttpRequest) -> HttpResponse:
    """My page: who I am, where I can go, and who opened my account for me."""
    codes = ShownCode.objects.filter(person=cast("User", request.user))[:SHOWN_CODES]
    return render(request, "accounts/home.html", {"doors": doors_of(request), "codes": codes, "nav": "me"})


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


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def shown_code(request: HttpRequest) -> HttpResponse:
    """Sign in with the code that a manager shows, then ask for a new password. One answer to whatever does not fit."""
    if request.user.is_authenticated:
        return redirect("accounts:home")
    form = ShownCodeForm(request.POST or None)
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        is_within = rates.hit("shown code.address", client_ip(request), TRIES_PER_ADDRESS, 600)
        if not (rates.hit("shown code.phone", phone, TRIES_PER_PHONE, 600) and is_within):
            return errors.too_many(request, retry_after_s=600)
        person = in_person.use_code(phone, form.cleaned_data["code"])
        if person is not None:
            record_authentication(request, person, method="code", phone=person.phone)
            messages.success(request, _("You are in. Now choose a new password."))
            return perform_login(request, Login(user=person, redirect_url=reverse("account_change_password")))
        form.add_error(
            None, _("This number and this code do not fit, or the code has run out. Ask for a new one.")
        )
    return render(request, "accounts/shown_code.html", {"form": form, "nav": "me"})


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
