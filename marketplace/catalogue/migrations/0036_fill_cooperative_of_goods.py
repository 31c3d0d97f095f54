"""Goods that are there already get their household's cooperative."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    product, partner = apps.get_model("catalogue", "Product"), apps.get_model("partner", "Partner")
    of_household = partner.objects.filter(pk=OuterRef("household")).values("cooperative")
    product.objects.filter(household__isnull=False).update(cooperative=Subquery(of_household))


class Migration(migrations.Migration):

    dependencies = [("catalogue", "0035_cooperative_of_goods")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
