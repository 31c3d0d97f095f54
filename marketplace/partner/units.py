"""Units that goods are sold by; buyers order whole numbers of them."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Unit(models.TextChoices):
    """The unit of price and quantity of a stock record."""

    KG = "kg", _("kg")
    BUNCH = "bunch", _("bunch")
    PIECE = "piece", _("piece")
    HALF_KG = "half_kg", _("bag of 500 g")
    BAG = "bag", _("bag")
    BOX = "box", _("box")
    BOTTLE = "bottle", _("bottle")
    JAR = "jar", _("jar")
    DOZEN = "dozen", _("dozen")
    SET = "set", _("set")


WORDS: Final = {
    **dict.fromkeys(("kg", "kí", "ký", "cân"), Unit.KG),
    **dict.fromkeys(("bó", "mớ"), Unit.BUNCH),
    **dict.fromkeys(("cái", "con", "quả"), Unit.PIECE),
    **dict.fromkeys(("hũ", "lọ"), Unit.JAR),
    "túi": Unit.BAG,
    "hộp": Unit.BOX,
    "chai": Unit.BOTTLE,
    "chục": Unit.DOZEN,
    "bộ": Unit.SET,
}
"""What people write after the stroke in "25.000/kg"."""
