"""/hoc/, the list of courses, below the home page."""

import uuid

from django.db import migrations
from django.utils import timezone


def make_course_index(apps, schema_editor):
    """Create /hoc/ as a plain row below the home page of the site, unless there is one."""
    Index = apps.get_model("learning", "CourseIndexPage")
    if Index.objects.exists():
        return
    Page = apps.get_model("wagtailcore", "Page")
    site = apps.get_model("wagtailcore", "Site").objects.get(is_default_site=True)
    home = Page.objects.get(pk=site.root_page_id)
    content_type, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="learning", model="courseindexpage"
    )
    now = timezone.now()
    home.numchild += 1
    home.save(update_fields=["numchild"])
    Index.objects.create(
        title="Học", draft_title="Học", slug="hoc", lead="Học từng bài ngắn, vừa xem vừa làm thử. Ai cũng học được.",
        path=f"{home.path}{home.numchild:04d}", depth=home.depth + 1, numchild=0, url_path=f"{home.url_path}hoc/",
        content_type=content_type, locale_id=home.locale_id, translation_key=uuid.uuid4(), live=True,
        first_published_at=now, last_published_at=now,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("learning", "0001_initial"), ("cms", "0002_first_pages"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(make_course_index, migrations.RunPython.noop)]
