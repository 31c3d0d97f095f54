"""An editor at a desk looks at the preview beside the form: Wagtail shows the page in a frame."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import NewPhone
from tests.factories import pages
from tests.factories.accounts import UserFactory


@pytest.mark.django_db(transaction=True)
def test_text_of_a_draft_is_seen_in_the_frame(new_phone: NewPhone, live_site: str) -> None:
    user = UserFactory.create()
    user.groups.add(Group.objects.get(name="Biên tập viên"))
    page = pages.article("Bài nháp về ong", live=False)
    client = Client()
    client.force_login(user)
    desk = new_phone(viewport={"width": 1400, "height": 900}, is_mobile=False, has_touch=False)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    desk.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_site}])
    desk.goto(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    desk.locator("[data-side-panel-toggle=preview]").click()
    framed = desk.frame_locator("iframe[id^=w-preview-iframe], .w-preview iframe").first
    expect(framed.get_by_role("heading", name="Bài nháp về ong")).to_be_visible()
    expect(framed.get_by_text("Đàn ong nội, thùng ong.")).to_be_visible()
