"""Purchase (one checkout) and its orders (one per cooperative); lines and the rest are Oscar's."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.apps.order.abstract_models import AbstractLine, AbstractOrder

from base.codes import new_code
from marketplace.order.querysets import LineQuerySet, OrderQuerySet
from marketplace.partner.units import Unit


class OrderStatus(models.TextChoices):
    """Where an order stands; payment is apart (``Order.paid_at``)."""

    PLACED = "placed", _("placed")
    PACKED = "packed", _("packed")
    HANDED_OVER = "handed_over", _("handed over")
    CANCELLED = "cancelled", _("cancelled")


class Purchase(models.Model):
    """What one buyer sent off at once: contact, code, and one order per cooperative, all placed or none."""

    code = models.CharField(max_length=8, unique=True, default=new_code, editable=False)
    contact_name = models.CharField(_("name"), max_length=120)
    contact_phone = models.CharField(_("phone number"), max_length=16, db_index=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="purchases"
    )
    placed_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ("-placed_at", "-pk")
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """Return the page where the buyer follows this purchase."""
        from django.urls import reverse

        return reverse("follow:show", args=[self.code])


# Oscar's totals hold ten digits before the point, less than a basket could cost: 60 lines x 9,999 units at a price of
# ten digits have sixteen. SQLite wrote such a total and could not read it again. See basket.lines.MOST_TOTAL_VND, too.
DIGITS: Final = 18


class Order(AbstractOrder):
    """The part of a purchase that one cooperative packs, hands over and is paid for; ``number`` is its code."""

    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="orders", null=True)
    cooperative = models.ForeignKey(
        "cooperative.Cooperative", on_delete=models.PROTECT, related_name="orders", null=True
    )
    pickup_point = models.ForeignKey(
        "cooperative.PickupPoint", on_delete=models.PROTECT, related_name="orders", null=True, blank=True
    )
    collection_on = models.DateField(_("collection day"), null=True, blank=True)
    handed_over_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handed over by"),
    )
    missed_at = models.DateTimeField(_("not collected"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    payment_channel = models.CharField(max_length=20, default="cash")
    cancel_reason = models.CharField(max_length=300, blank=True)
    total_incl_tax = models.DecimalField(_("Order total (inc. tax)"), decimal_places=2, max_digits=DIGITS)
    total_excl_tax = models.DecimalField(_("Order total (excl. tax)"), decimal_places=2, max_digits=DIGITS)

    objects = OrderQuerySet.as_manager()

    class Meta(AbstractOrder.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("purchase", "cooperative"), name="one_order_per_cooperative_of_a_purchase"
            ),
            models.CheckConstraint(condition=Q(status__in=OrderStatus.values), name="order_status_is_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=("cooperative", "status", "-date_placed"), name="orders_of_a_cooperative"),
            models.Index(fields=("pickup_point", "collection_on"), name="orders_of_a_pickup_day"),
        ]

    def get_absolute_url(self) -> str:
        """Return the page where the buyer follows this order."""
        from django.urls import reverse

        return reverse("follow:show", args=[self.number])


class Line(AbstractLine):
    """Goods of one household within an order."""

    unit = models.CharField(_("unit"), max_length=12, choices=Unit.choices, default=Unit.KG)
    line_price_incl_tax = models.DecimalField(_("Price (inc. tax)"), decimal_places=2, max_digits=DIGITS)
    line_price_excl_tax = models.DecimalField(_("Price (excl. tax)"), decimal_places=2, max_digits=DIGITS)
    line_price_before_discounts_incl_tax = models.DecimalField(
        _("Price before discounts (inc. tax)"), decimal_places=2, max_digits=DIGITS
    )
    line_price_before_discounts_excl_tax = models.DecimalField(
        _("Price before discounts (excl. tax)"), decimal_places=2, max_digits=DIGITS
    )

    objects = LineQuerySet.as_manager()


from oscar.apps.order.models import *  # noqa: E402, F403  (Oscar's own models after ours)
