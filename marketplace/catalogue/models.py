"""Product with its listing state, and category with its icon; everything else is Oscar's."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.abstract_models import AbstractCategory, AbstractProduct

from marketplace.catalogue.querysets import ProductQuerySet


class ListingState(models.TextChoices):
    """Where a product stands on its way to the market."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for the cooperative")
    APPROVED = "approved", _("on the market")
    RETURNED = "returned", _("sent back")
    ARCHIVED = "archived", _("put away")


class Category(AbstractCategory):
    """Kind of goods, chosen by its picture."""

    icon = models.CharField(_("icon"), max_length=20, default="leaf")

    def get_absolute_url(self, parent_slug: str | None = None) -> str:
        """Return the market page filtered to this category."""
        from django.urls import reverse

        return f"{reverse('market:list')}?nhom={self.slug}"


class Product(AbstractProduct):
    """Something a household sells; on the market only while its state is approved (``is_public`` follows it)."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(
        "partner.Partner",
        on_delete=models.PROTECT,
        related_name="products",
        null=True,  # a product made in Oscar's dashboard has no owner; it can never be approved
        verbose_name=_("household"),
    )
    cooperative = models.ForeignKey(
        "cooperative.Cooperative",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        editable=False,  # the household's, copied here: no index reaches over two tables
        verbose_name=_("cooperative"),
    )
    listing_state = models.CharField(
        _("state"), max_length=10, choices=ListingState.choices, default=ListingState.DRAFT, db_index=True
    )
    return_reason = models.CharField(_("why it was sent back"), max_length=300, blank=True)
    ready_from = models.DateField(_("ready from"), null=True, blank=True)
    cover = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    category = models.ForeignKey(
        "catalogue.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="goods"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ProductQuerySet.as_manager()

    class Meta(AbstractProduct.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(listing_state="approved", household__isnull=False),
                name="only_approved_goods_are_public",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=("-approved_at", "-id"), name="market_newest_first", condition=Q(is_public=True)
            ),
            models.Index(fields=("household", "listing_state"), name="goods_of_a_household"),
            models.Index(
                fields=("category", "-approved_at", "-id"),
                name="market_by_category",
                condition=Q(is_public=True),
            ),
            models.Index(
                fields=("cooperative", "-approved_at", "-id"),
                name="market_by_cooperative",
                condition=Q(is_public=True),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the household's cooperative; when a household moves, its goods follow (marketplace.changes)."""
        if self.household is not None and kwargs.get("update_fields") is None:
            self.cooperative_id = self.household.cooperative_id
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the product's page on the market, also while nobody but its owner may open it."""
        from django.urls import reverse

        return reverse("market:product", args=[self.slug or "hang", self.pk])


Product._meta.get_field("is_public").default = False


from oscar.apps.catalogue.models import *  # noqa: E402, F403  (Oscar's own models after ours)
