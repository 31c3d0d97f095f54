"""Nobody chooses documents any more: no text links to one. Takes back what 0004 and wagtaildocs.0011 gave."""

from django.db import migrations


def take_back(apps, schema_editor):
    """Take the rights to Wagtail's documents from every group, by collection and for the whole site."""
    rights = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="wagtaildocs", content_type__model="document"
    )
    apps.get_model("wagtailcore", "GroupCollectionPermission").objects.filter(permission__in=rights).delete()
    for group in apps.get_model("auth", "Group").objects.filter(permissions__in=rights).distinct():
        group.permissions.remove(*rights)


class Migration(migrations.Migration):
    dependencies = [("cms", "0005_search_words")]

    operations = [migrations.RunPython(take_back, migrations.RunPython.noop)]
