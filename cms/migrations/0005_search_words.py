"""The three groups may write synonyms and see what people did not find. Nobody deletes synonyms: they are switched off."""

from django.db import migrations

GROUPS = ["Biên tập viên", "Người duyệt", "Nhân viên nền tảng"]
RIGHTS = {"synonym": ["add", "change", "view"], "missedsearch": ["view"]}


def give(apps, schema_editor):
    """Give the rights; on a fresh database Django makes them only after the last migration."""
    groups = apps.get_model("auth", "Group").objects.filter(name__in=GROUPS)
    for model, actions in RIGHTS.items():
        content_type, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="site_search", model=model
        )
        for action in actions:
            right, _created = apps.get_model("auth", "Permission").objects.get_or_create(
                content_type=content_type,
                codename=f"{action}_{model}",
                defaults={"name": f"Can {action} {model}"},
            )
            for group in groups:
                group.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0004_choose_documents"),
        ("site_search", "0001_synonyms_and_missed_searches"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
