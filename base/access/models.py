"""What rate limits count."""

from __future__ import annotations

from django.db import models


class Hits(models.Model):
    """How often something was done in the running window. ``digest`` hides whose phone or address it was."""

    digest = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField()
    ends_at = models.BigIntegerField(help_text="Unix time, seconds", db_index=True)

    class Meta:
        verbose_name_plural = "hits"

    def __str__(self) -> str:
        return f"{self.digest[:8]}: {self.count}"
