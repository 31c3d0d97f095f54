"""Household (Oscar's Partner) and its stock: whole đồng per unit, never more allocated than there is."""

import secrets
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Round
from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.abstract_models import AbstractPartner, AbstractStockRecord

from base.shell.slugs import slugify
from marketplace.partner.querysets import HouseholdQuerySet
from marketplace.partner.units import Unit

NOTHING = Value(Decimal(0))  # a plain 0 would be a mixed type, which PostgreSQL's Round refuses


class Partner(AbstractPartner):
    """A household that sells; its members sign in as users. Belongs to one cooperative."""

    cooperative = models.ForeignKey(
        "cooperative.Cooperative",
        on_delete=models.PROTECT,
        related_name="households",
        null=True,  # Oscar's dashboard and old rows know no cooperative; such a household cannot sell
        verbose_name=_("cooperative"),
    )
    slug = models.SlugField(max_length=140, unique=True, null=True, blank=True)
    commune = models.ForeignKey(
        "places.Commune", on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("commune")
    )
    village = models.CharField(_("village"), max_length=80, blank=True)
    about = models.TextField(_("about"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta(AbstractPartner.Meta):
        verbose_name = _("household")
        verbose_name_plural = _("households")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; without a slug (Oscar's dashboard asks for none) the household gets one: its pages need it."""
        if not self.slug and kwargs.get("update_fields") is None:
            self.slug = slugify(self.name)[:120]
            if Partner.objects.filter(slug=self.slug).exclude(pk=self.pk).exists():
                self.slug = f"{self.slug}-{secrets.token_hex(3)}"
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the public page of the household."""
        from django.urls import reverse

        return reverse("market:household", args=[self.slug])


class StockRecord(AbstractStockRecord):
    """What is left of one product: ``price`` in whole đồng per ``unit``; ``num_in_stock`` is never NULL."""

    num_in_stock = models.PositiveIntegerField(_("Number in stock"), default=0)
    num_allocated = models.IntegerField(_("Number allocated"), default=0)
    unit = models.CharField(_("unit"), max_length=12, choices=Unit.choices, default=Unit.KG)

    class Meta(AbstractStockRecord.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(num_allocated__gte=0) & Q(num_allocated__lte=F("num_in_stock")),
                name="never_allocate_more_than_there_is",
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True)
                | (Q(price__gte=0) & Q(price=Round(Coalesce(F("price"), NOTHING)))),
                name="stock_price_in_whole_dong",
            ),
            models.UniqueConstraint(fields=("product",), name="one_stock_record_per_product"),
        ]

    @property
    def net_stock_level(self) -> int:
        """Return how many units may still be ordered, never below zero."""
        return max(0, self.num_in_stock - self.num_allocated)


from oscar.apps.partner.models import *  # noqa: E402, F403  (Oscar's own models after ours)
