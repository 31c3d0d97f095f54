"""Who may write and who may publish: three groups with Vietnamese names, and one approval for every page.

Wagtail's own groups could publish past the approval; they go. Anyone with the publish right can (traps.md, Wagtail 8),
so "Biên tập viên" has only add and change.
"""

import swapper
from django.db import migrations

EDITORS = "Biên tập viên"
REVIEWERS = "Người duyệt"
STAFF = "Nhân viên nền tảng"
PAGE_RIGHTS = {
    EDITORS: ["add_page", "change_page"],
    REVIEWERS: ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"],
    STAFF: ["add_page", "change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page"],
}
PHOTO_RIGHTS = ["add_image", "change_image", "choose_image"]
STAFF_RIGHTS = [
    ("accounts", "user", ["add_user", "change_user", "view_user"]),
    ("auth", "group", ["view_group"]),  # who may change a group may give herself every right
    ("wagtailcore", "site", ["change_site"]),
    ("wagtailcore", "locale", ["add_locale", "change_locale"]),
    ("wagtailcore", "collection", ["add_collection", "change_collection", "delete_collection"]),
    ("wagtailcore", "workflow", ["add_workflow", "change_workflow"]),
    ("wagtailcore", "task", ["add_task", "change_task"]),
]
NAMES = {"choose_image": "Can choose image"}


def make_groups(apps, schema_editor):
    """Create the groups with their rights, and the approval with its task."""
    Group = apps.get_model("auth", "Group")
    Group.objects.filter(name__in=["Moderators", "Editors"]).delete()
    home = apps.get_model("cms", "HomePage").objects.order_by("path").first()
    collection = apps.get_model("wagtailcore", "Collection").objects.order_by("path").first()
    page_model = swapper.get_model_name("wagtailcore", "Page").lower().split(".")
    admin = _right(apps, "wagtailadmin", "admin", "access_admin")
    for name, codenames in PAGE_RIGHTS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(admin)
        for codename in codenames:
            apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
                group=group, page_id=home.pk, permission=_right(apps, *page_model, codename)
            )
        for codename in PHOTO_RIGHTS:
            apps.get_model("wagtailcore", "GroupCollectionPermission").objects.get_or_create(
                group=group, collection=collection, permission=_right(apps, "wagtailimages", "image", codename)
            )
    staff = Group.objects.get(name=STAFF)
    for app_label, model, codenames in STAFF_RIGHTS:
        staff.permissions.add(*(_right(apps, app_label, model, codename) for codename in codenames))


def make_workflow(apps, schema_editor):
    """One approval by a reviewer, for the home page and everything below it."""
    Workflow = apps.get_model("wagtailcore", "Workflow")
    Task = apps.get_model("wagtailcore", "GroupApprovalTask")
    content_type, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="wagtailcore", model="groupapprovaltask"
    )
    home = apps.get_model("cms", "HomePage").objects.order_by("path").first()
    old = Workflow.objects.filter(name="Moderators approval")
    apps.get_model("wagtailcore", "Task").objects.filter(name="Moderators approval").delete()
    old.delete()
    task, _created = Task.objects.get_or_create(
        name="Người duyệt xem bài", defaults={"content_type": content_type, "active": True}
    )
    task.groups.set(apps.get_model("auth", "Group").objects.filter(name=REVIEWERS))
    workflow, _created = Workflow.objects.get_or_create(name="Duyệt bài", defaults={"active": True})
    apps.get_model("wagtailcore", "WorkflowTask").objects.get_or_create(
        workflow=workflow, task_id=task.pk, defaults={"sort_order": 0}
    )
    apps.get_model("wagtailcore", "WorkflowPage").objects.update_or_create(
        page_id=home.pk, defaults={"workflow": workflow}
    )


def _right(apps, app_label, model, codename):
    """Return a permission; on a fresh database Django makes them only after the last migration."""
    content_type, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model
    )
    name = NAMES.get(codename, "Can " + codename.replace("_", " "))
    right, _created = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )
    return right


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0002_first_pages"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailimages", "0027_image_description"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(make_groups, migrations.RunPython.noop),
        migrations.RunPython(make_workflow, migrations.RunPython.noop),
    ]
