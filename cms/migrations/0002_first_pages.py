"""The site before any seed: a Vietnamese home page in place of Wagtail's welcome page, and two sections."""

import json
import uuid

import swapper
from django.db import migrations
from django.utils import timezone

ABOUT = [
    "<p>Làng Số là chợ và lớp học của các xã miền núi: bà con bán hàng của nhà, học từng bài ngắn, đọc chính sách viết "
    "dễ hiểu.</p><p>Trang này không thay cho Ủy ban nhân dân xã. Có gì chưa rõ, bạn hỏi UBND xã.</p>"
]


def make_first_pages(apps, schema_editor):
    """Replace the welcome page; keep a site where an editor has already made a home page."""
    Page = apps.get_model(swapper.get_model_name("wagtailcore", "Page"))
    Site = apps.get_model("wagtailcore", "Site")
    Locale = apps.get_model("wagtailcore", "Locale")
    HomePage = apps.get_model("cms", "HomePage")
    if HomePage.objects.exists():
        return
    locale, _created = Locale.objects.get_or_create(language_code="vi")
    root = Page.objects.get(depth=1)
    Page.objects.filter(depth=2, slug="home").delete()
    home = _page(
        apps, "HomePage", path=root.path + "0001", depth=2, numchild=2, url_path="/trang-nha/", locale=locale,
        title="Làng Số", slug="trang-nha", lead="Chợ và lớp học của làng mình.",
    )  # fmt: skip
    _page(
        apps, "SectionPage", path=home.path + "0001", depth=3, url_path="/trang-nha/chinh-sach/", locale=locale,
        title="Chính sách, sức khỏe, nhà nông", slug="chinh-sach", lead="Viết ngắn, dễ hiểu, có ghi nguồn để bạn xem lại.",
    )  # fmt: skip
    _page(
        apps, "SectionPage", path=home.path + "0002", depth=3, url_path="/trang-nha/gioi-thieu/", locale=locale,
        title="Về Làng Số", slug="gioi-thieu",
        body=json.dumps([{"type": "text", "value": text, "id": str(uuid.uuid4())} for text in ABOUT]),
    )  # fmt: skip
    root.numchild = Page.objects.filter(depth=2).count()
    root.save(update_fields=["numchild"])
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    site.root_page_id, site.site_name = home.pk, "Làng Số"
    site.save()


def _page(apps, model, **fields):
    """Create a published page as a plain row: migrations have no tree methods."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    content_type, _created = ContentType.objects.get_or_create(app_label="cms", model=model.lower())
    now = timezone.now()
    fields.setdefault("numchild", 0)
    return apps.get_model("cms", model).objects.create(
        content_type=content_type, draft_title=fields["title"], live=True, translation_key=uuid.uuid4(),
        first_published_at=now, last_published_at=now, **fields,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("cms", "0001_initial"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(make_first_pages, migrations.RunPython.noop)]
