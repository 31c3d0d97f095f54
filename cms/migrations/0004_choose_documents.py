"""The three groups may choose documents (to link them), whichever of Wagtail's migrations and ours ran first.

wagtaildocs.0011 gives that right to every group with access to the admin: to ours if 0003 ran before it, which nothing
orders. Here it is after both, and says how it is to be: by collection, as for photos, and not also for the whole site.
"""

from django.db import migrations

GROUPS = ["Biên tập viên", "Người duyệt", "Nhân viên nền tảng"]


def grant(apps, schema_editor):
    """Give the right on the root collection, once."""
    content_type, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="wagtaildocs", model="document"
    )
    right, _created = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename="choose_document", defaults={"name": "Can choose document"}
    )
    collection = apps.get_model("wagtailcore", "Collection").objects.order_by("path").first()
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        apps.get_model("wagtailcore", "GroupCollectionPermission").objects.get_or_create(
            group=group, collection=collection, permission=right
        )
        group.permissions.remove(right)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0003_groups_and_workflow"),
        ("wagtaildocs", "0011_add_choose_permissions"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
