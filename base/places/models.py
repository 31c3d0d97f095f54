"""Provinces and communes since 1 July 2025 (two tiers, no districts). Source: docs/data-sources.md."""

from django.db import models


class Province(models.Model):
    """One of the 34 provinces and cities; ``code`` is the statistics office's."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=60)
    full_name = models.CharField(max_length=80)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.full_name


class Commune(models.Model):
    """A commune, ward or special zone; ``former_names`` are the wards before the merger, parted by ';'."""

    code = models.CharField(max_length=5, primary_key=True)
    name = models.CharField(max_length=80)
    full_name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="communes")
    former_names = models.TextField(blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.full_name}, {self.province.full_name}"
