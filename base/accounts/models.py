"""Person who signs in: phone first (E.164), e-mail optional; codes shown to people; texts that the test double kept."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.accounts import names, phones


class UserManager(BaseUserManager["User"]):
    """Makes users by phone. For trusted callers only; people who sign up come through allauth (registration.py)."""

    def create_user(self, phone: str, password: str | None = None, **extra: Any) -> User:
        """Return a saved user; ``password=None`` gives an unusable one, to be claimed by a code.

        With a password the phone counts as verified: the caller vouches for it (seed, staff, tests). Otherwise
        nobody could sign in with it (pre-hijack, stack.md 2.1). Raises phones.InvalidPhone.
        """
        if password:
            extra.setdefault("phone_verified_at", timezone.now())
        user = self.model(phone=phones.normalise(phone), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, phone: str, password: str | None = None, **extra: Any) -> User:
        """Return a saved user who may do everything."""
        return self.create_user(phone, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user of a phone in any spelling."""
        try:
            return self.get(phone=phones.normalise(username or ""))
        except phones.InvalidPhone as error:
            raise User.DoesNotExist from error


class User(AbstractBaseUser, PermissionsMixin):
    """Someone with an account. ``phone`` is E.164 and unique; ``email`` is NULL when there is none, never ''."""

    phone = models.CharField(_("phone number"), max_length=16, unique=True)
    phone_verified_at = models.DateTimeField(_("phone verified"), null=True, blank=True, editable=False)
    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)
    first_name = models.CharField(_("given name"), max_length=150, blank=True)
    last_name = models.CharField(_("family name"), max_length=150, blank=True)
    is_staff = models.BooleanField(_("platform staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "phone"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person with an account")
        verbose_name_plural = _("people with accounts")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(phone__startswith="+"), name="phone_is_e164"),
            models.CheckConstraint(condition=~Q(email=""), name="no_email_is_null"),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def clean(self) -> None:
        """Bring phone and e-mail to the form of the database (Django would turn no e-mail into '')."""
        try:
            self.phone = phones.normalise(self.phone)
        except phones.InvalidPhone as error:
            raise ValidationError({"phone": phones.WRONG}) from error
        self.email = self.email or None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with names in one Unicode spelling, and an empty e-mail as NULL: the second '' would be a duplicate."""
        self.email = self.email or None
        self.first_name, self.last_name = names.clean(self.first_name), names.clean(self.last_name)
        super().save(*args, **kwargs)

    @property
    def is_phone_verified(self) -> bool:
        """Whether the person has shown that the phone is theirs."""
        return self.phone_verified_at is not None

    def get_full_name(self) -> str:
        """Return the name in Vietnamese order, family name first; the phone when there is no name."""
        return f"{self.last_name} {self.first_name}".strip() or phones.display(self.phone)

    def get_short_name(self) -> str:
        """Return the given name."""
        return self.first_name or self.get_full_name()


class SentMessage(models.Model):
    """A text message that the test double (``sms.LogBackend``) "sent": no gateway is reached, staff read it here."""

    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.CharField(_("kind"), max_length=40)
    to = models.CharField(_("to"), max_length=16, db_index=True)
    body = models.TextField(_("text"))
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, db_index=True)

    class Meta:
        ordering = ("-sent_at", "-pk")
        verbose_name = _("text message of the test double")
        verbose_name_plural = _("text messages of the test double (nothing leaves this machine)")

    def __str__(self) -> str:
        return f"{self.topic} {phones.display(self.to)}"


class ShownCode(models.Model):
    """A one-time code that somebody showed a person to let them in (in_person.py); the log of it, too."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="shown_codes",
        verbose_name=_("for whom"),
    )
    shown_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by whom"),
    )
    shown_by_name = models.CharField(_("name of who showed it"), max_length=310)
    shown_at = models.DateTimeField(_("shown"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("-shown_at", "-pk")
        indexes: ClassVar = [models.Index(fields=("person", "-shown_at"), name="codes_shown_to_a_person")]
        verbose_name = _("code shown to a person")
        verbose_name_plural = _("codes shown to people")

    def __str__(self) -> str:
        return f"{self.shown_by_name} -> {self.person_id}"
