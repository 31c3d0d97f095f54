"""Cooperatives, the people who run them, where buyers collect, and when orders are taken."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.cooperative.querysets import CooperativeQuerySet, PickupPointQuerySet


class Cooperative(models.Model):
    """A cooperative: approves what its households list, takes the orders, hands over and is paid."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=120, unique=True)
    commune = models.ForeignKey(
        "places.Commune", on_delete=models.PROTECT, related_name="+", verbose_name=_("commune")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone number"), max_length=16, blank=True)
    registration_number = models.CharField(_("business registration number"), max_length=20, blank=True)
    about = models.TextField(_("about"), blank=True)
    is_always_open = models.BooleanField(_("takes orders at any time"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    managers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="cooperative.CooperativeMembership",
        related_name="cooperatives",
        blank=True,
    )

    objects = CooperativeQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("cooperative")
        verbose_name_plural = _("cooperatives")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the public page of the cooperative."""
        from django.urls import reverse

        return reverse("market:cooperative", args=[self.slug])


class CooperativeMembership(models.Model):
    """Somebody who runs a cooperative's desk."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cooperative_memberships"
    )
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("cooperative", "user"), name="one_membership_per_cooperative"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.cooperative_id}"


class PickupPoint(models.Model):
    """Where a buyer collects the goods of one cooperative."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="pickup_points")
    name = models.CharField(_("name"), max_length=120)
    commune = models.ForeignKey(
        "places.Commune", on_delete=models.PROTECT, related_name="+", verbose_name=_("commune")
    )
    address = models.CharField(_("address"), max_length=200)
    hours = models.CharField(_("opening hours"), max_length=120, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = PickupPointQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("pickup point")
        verbose_name_plural = _("pickup points")

    def __str__(self) -> str:
        return self.name


class OrderWindow(models.Model):
    """A stretch of time in which a cooperative takes orders, and the day the goods are collected."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="windows")
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    collection_on = models.DateField(_("collection day"))

    class Meta:
        ordering = ("opens_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="window_closes_after_it_opens"
            ),
        )
        verbose_name = _("order window")
        verbose_name_plural = _("order windows")

    def __str__(self) -> str:
        return f"{self.cooperative_id}: {self.opens_at:%Y-%m-%d %H:%M}"
