"""Saving on the phone: nothing is fetched twice, half a pack is never opened, and what is withdrawn or too old goes."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404
from django.utils import timezone
from playwright.sync_api import Page, expect

from base.offline import packs
from base.offline.packs import Contents, PackSource
from config.seed.people import HOUSEHOLD_PHONE, LEARNER_PHONE
from learning.models import LessonPage
from marketplace.partner.models import Partner
from tests.browser.offline.conftest import entries, session_of, sign_in, until
from tests.browser.offline.proxy import Line, Request
from tests.factories.market import make_member

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.sqlite]
PhoneOn = Callable[..., Page]
CHUNK = 65_536
COURSE = "/hoc/nhan-biet-lua-dao/"
LESSON = COURSE + "ba-dau-hieu/"
SAVED = "[data-pack] [data-is=saved]"


def save(page: Page, address: str = COURSE) -> None:
    page.goto(address)
    page.get_by_role("button", name=re.compile("Lưu vào máy")).click()
    expect(page.locator(SAVED)).to_be_visible()


def saved_packs(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(
        "import('/static/offline/store.js').then(() => self.langso.read('packs'))"
    )
    return found


def contact(page: Page) -> None:
    """Open /tai-ve/, which asks the site about what is saved, and wait until its answer was acted on."""
    began = page.evaluate("Date.now()")
    page.goto("/tai-ve/")
    until(page, "(await langso.state()).contact", lambda at: at is not None and at > began)
    page.wait_for_timeout(300)  # the copies of what is gone are thrown away last


def hang_up(page: Page, line: Line) -> None:
    """Cut whatever is being sent, and wait until nothing is."""
    line.is_down = True
    for _ in range(1000):
        if not line.under_way:
            break
        page.wait_for_timeout(20)
    assert not line.under_way
    line.is_down = False


class Big:
    """A test's own pack: one page, and files of six megabytes that no page would be allowed."""

    def __init__(self) -> None:
        """Write the files."""
        self.luck = random.Random(6)
        self.is_withdrawn = False
        self.expires: dt.datetime | None = None
        self.files = [self.write(size) for size in (4_000_000, 1_500_000, 500_000)]

    def write(self, size: int) -> str:
        """Return the address of a new file."""
        name = default_storage.save(f"thu/{size}.bin", ContentFile(self.luck.randbytes(size)))
        return default_storage.url(name)

    def contents(self, request: Any, id: str) -> Contents:
        """Return what is in it now."""
        if self.is_withdrawn:
            raise Http404
        return Contents("Gói thử", ["/ngoai-mang/", *self.files], self.expires)


@pytest.fixture
def big(monkeypatch: pytest.MonkeyPatch) -> Big:
    made = Big()
    source = PackSource(kind="thu", contents=made.contents)
    monkeypatch.setitem(packs._sources, "thu", source)
    return made


LOAD = """() => import("/static/offline/packs.js").then(({ load }) =>
    load("/tai-ve/goi/thu/1/", { signal: new AbortController().signal, progress: () => {} }))"""


def test_six_megabytes_over_ten_cuts_fetch_at_most_one_chunk_again_each_time(
    phone_on: PhoneOn, line: Line, big: Big
) -> None:
    page = phone_on()
    cuts = iter([700_000] * 10)

    def cut(request: Request) -> int | None:
        is_big = re.fullmatch(r"/tai-ve/goi/thu/1/[0-9a-f]{64}/", request.path)
        return next(cuts, None) if is_big else None

    line.cut_after = cut
    assert page.evaluate(LOAD) == ""
    assert next(cuts, "all used") == "all used"
    sizes = {file["sha256"]: file["bytes"] for pack in saved_packs(page) for file in pack["files"]}
    fetched = {
        path.split("/")[-2]: count
        for path, count in line.sent_bytes.items()
        if path.startswith("/tai-ve/goi/thu/1/")
    }
    twice = sum(max(0, fetched.get(name, 0) - size) for name, size in sizes.items() if size >= 500_000)
    assert sum(sizes.values()) > 6_000_000
    assert twice <= 10 * CHUNK
    kept = page.evaluate(
        "async (url) => (await (await (await caches.match(url)).blob()).arrayBuffer()).byteLength",
        big.files[0],
    )
    assert kept == 4_000_000


def test_pause_goes_on_later_and_also_after_the_browser_was_closed(
    phone_on: PhoneOn, line: Line, big: Big
) -> None:
    page = phone_on()
    line.kbit_s = 16_000
    stopped = page.evaluate(
        """async () => {
            const { load } = await import("/static/offline/packs.js");
            const stop = new AbortController();
            const progress = ({ done }) => done > 1e6 && stop.abort();
            return load("/tai-ve/goi/thu/1/", { signal: stop.signal, progress });
        }"""
    )
    assert stopped == ""
    assert "cache" not in saved_packs(page)[0]  # half a pack is not there
    # What the pause cut off is sent on until the browser has closed it: that is no second time.
    hang_up(page, line)
    line.kbit_s = 0
    before = sum(line.sent_bytes.values())
    page.goto("/tai-ve/")
    page.get_by_role("button", name="Lưu tiếp").click()
    expect(page.locator(SAVED)).to_be_visible()
    again = sum(line.sent_bytes.values()) - before
    assert again < 5_400_000  # a million less than all of it


def test_update_fetches_only_what_has_changed(phone_on: PhoneOn, line: Line, big: Big) -> None:
    page = phone_on()
    assert page.evaluate(LOAD) == ""
    big.files[2] = big.write(300_000)
    caches["default"].clear()  # the site kept the list: only pages of ours tell it that something changed
    line.sent_bytes.clear()
    contact(page)
    expect(page.get_by_text("Đã có bản mới hơn.")).to_be_visible()
    page.get_by_role("button", name="Tải phần đã đổi").click()
    expect(page.locator(SAVED)).to_be_visible()
    fetched = sum(count for path, count in line.sent_bytes.items() if len(path.split("/")[-2]) == 64)
    assert fetched == 300_000
    [pack] = saved_packs(page)
    assert [name for name in page.evaluate("caches.keys()") if name.startswith("goi-")] == [pack["cache"]]


def test_withdrawn_and_expired_packs_go_at_the_next_contact(phone_on: PhoneOn, line: Line, big: Big) -> None:
    page = phone_on()
    save(page)
    big.expires = timezone.now() + dt.timedelta(seconds=3)
    assert page.evaluate(LOAD) == ""
    assert len(saved_packs(page)) == 2
    LessonPage.objects.get(slug="ba-dau-hieu").get_parent().specific.unpublish()
    page.wait_for_timeout(3_000)
    contact(page)
    assert saved_packs(page) == []
    line.is_down = True
    page.goto(LESSON)
    expect(page.locator("h1")).to_contain_text("Không có sóng")


def test_saved_page_opens_at_once_and_says_when_there_is_a_newer_copy(phone_on: PhoneOn, line: Line) -> None:
    page = phone_on()
    save(page)
    lesson = LessonPage.objects.get(slug="ba-dau-hieu")
    lesson.title = "Bốn dấu hiệu"
    lesson.save_revision().publish()
    page.goto(LESSON)
    expect(page.locator("h1")).to_have_text("Ba dấu hiệu của kẻ lừa")  # what is saved, at once
    newer = page.get_by_text("Có bản mới").locator("visible=true")
    newer.wait_for()
    page.locator("[data-fresh] a").locator("visible=true").click()
    expect(page.locator("h1")).to_have_text("Bốn dấu hiệu")
    line.is_down = True
    page.goto(LESSON)
    expect(page.locator("h1")).to_have_text("Bốn dấu hiệu")  # the newer copy was kept


def test_deleted_pack_leaves_nothing(phone_on: PhoneOn) -> None:
    page = phone_on()
    save(page)
    page.goto("/tai-ve/")
    page.get_by_text("Xóa khỏi máy").click()
    page.get_by_role("button", name="Xóa", exact=True).click()
    expect(page.get_by_text("Chưa lưu gì.")).to_be_visible()
    assert saved_packs(page) == []
    assert not [name for name in page.evaluate("caches.keys()") if name.startswith("goi-")]
    assert page.evaluate("self.langso.read('chunks')") == []


def test_storage_that_the_browser_threw_away_is_said_and_fetched_again(phone_on: PhoneOn) -> None:
    page = phone_on()
    save(page)
    page.evaluate(
        "caches.keys().then((all) => Promise.all(all.map((name) => name.startsWith('goi-') && caches.delete(name))))"
    )
    page.goto("/tai-ve/")
    page.get_by_role("button", name=re.compile("Lưu vào máy")).click()
    expect(page.locator(SAVED)).to_be_visible()


def test_full_phone_says_so_before_it_fetches(phone_on: PhoneOn) -> None:
    page = phone_on(at="")
    page.context.add_init_script(
        "StorageManager.prototype.estimate = async () => ({ quota: 1e6, usage: 999999 })"
    )
    page.goto(COURSE)
    page.get_by_role("button", name=re.compile("Lưu vào máy")).click()
    expect(page.get_by_text("Máy không đủ chỗ")).to_be_visible()
    assert not any(pack.get("cache") for pack in saved_packs(page))


def test_desk_of_one_person_is_not_shown_to_another(phone_on: PhoneOn, line: Line) -> None:
    page = phone_on(HOUSEHOLD_PHONE)
    save(page, "/ban/")
    page.context.clear_cookies()
    sign_in(page.context, LEARNER_PHONE, line.url)
    page.goto("/tai-khoan/")
    mine = saved_packs(page)[0]["author"]
    until(page, "(await langso.state()).author", lambda author: author != mine)
    line.is_down = True
    page.goto("/ban/")
    expect(page.locator("h1")).to_contain_text("Không có sóng")
    page.goto("/tai-ve/")
    expect(page.get_by_text("Chưa lưu gì.")).to_be_visible()
    assert len(saved_packs(page)) == 1  # hidden, not gone


def test_two_people_save_their_desks_on_one_phone(phone_on: PhoneOn, line: Line) -> None:
    page = phone_on(HOUSEHOLD_PHONE)
    save(page, "/ban/")
    page.context.clear_cookies()
    other = make_member(Partner.objects.exclude(users__phone=HOUSEHOLD_PHONE).first())
    sign_in(page.context, str(other.phone), line.url)
    page.goto("/ban/")
    mine = saved_packs(page)[0]["author"]
    until(page, "(await langso.state()).author", lambda author: author != mine)
    page.goto("/ban/")
    expect(page.get_by_role("button", name=re.compile("Lưu vào máy"))).to_be_visible()  # hers is not here
    save(page, "/ban/")
    assert len({pack["author"] for pack in saved_packs(page)}) == 2
    line.is_down = True
    page.goto("/ban/")
    expect(page.locator(SAVED)).to_be_visible()


def test_desk_stays_when_somebody_else_signs_in_between_two_questions(phone_on: PhoneOn, line: Line) -> None:
    page = phone_on(HOUSEHOLD_PHONE)
    save(page, "/ban/")
    other = f"{settings.SESSION_COOKIE_NAME}={session_of(LEARNER_PHONE)}".encode()

    def as_the_other(request: Request) -> str:
        if request.path == "/tai-ve/goi/":
            mine = rf"{settings.SESSION_COOKIE_NAME}=\w+".encode()
            request.head, count = re.subn(mine, other, request.head)
            swapped.append(count)
        return ""

    swapped: list[int] = []
    line.decide = as_the_other
    contact(page)
    assert (swapped[:1], len(saved_packs(page))) == ([1], 1)


# --- by memory card -------------------------------------------------------------------------------------------------


@pytest.fixture
def carried(phone_on: PhoneOn, tmp_path: Path) -> Path:
    """Return the signed file of the course, as the page offers it."""
    page = phone_on()
    page.goto(COURSE)
    address = page.locator("[data-pack]").get_attribute("data-address")
    answer = page.request.get(f"{address}goi.langso")
    assert answer.status == 200
    place = tmp_path / "goi.langso"
    place.write_bytes(answer.body())
    return place


def bring(page: Page, place: Path) -> None:
    page.goto("/tai-ve/")
    page.locator("input[type=file]").set_input_files(place)


def test_carried_pack_opens_on_a_phone_that_never_had_the_network_for_it(
    phone_on: PhoneOn, line: Line, carried: Path
) -> None:
    page = phone_on()
    line.is_down = True
    bring(page, carried)
    expect(page.get_by_text("đã lưu vào máy.")).to_be_visible()
    page.goto(LESSON)
    expect(page.locator("h1")).to_have_text("Ba dấu hiệu của kẻ lừa")
    policy = page.evaluate(
        "caches.match(location.pathname).then((kept) => kept.headers.get('Content-Security-Policy'))"
    )
    assert "script-src 'self'" in policy
    assert entries(page) == []


@pytest.mark.parametrize("broken", ["manifest.json", "signature", "a file", "cut"])
def test_carried_pack_that_somebody_changed_is_not_used(
    phone_on: PhoneOn, line: Line, carried: Path, broken: str
) -> None:
    page = phone_on()
    out = io.BytesIO()
    with zipfile.ZipFile(carried) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            data = old.read(name)
            is_it = name == broken or (broken == "a file" and name.startswith("tep/"))
            new.writestr(name, bytes([data[0] ^ 1]) + data[1:] if is_it else data)  # as long as before
    data = out.getvalue()
    carried.write_bytes(data[: len(data) // 2] if broken == "cut" else data)
    bring(page, carried)
    words = {"a file": "Tệp này bị hỏng", "cut": "Tệp này bị hỏng"}.get(broken, "không do trang này làm ra")
    expect(page.get_by_text(words)).to_be_visible()
    assert saved_packs(page) == []


def test_carried_pack_is_taken_though_a_download_of_it_was_begun(phone_on: PhoneOn, carried: Path) -> None:
    page = phone_on()
    page.goto(COURSE)
    address = page.locator("[data-pack]").get_attribute("data-address")
    page.evaluate(
        """async (address) => {
            const manifest = await (await fetch(address)).json();
            const { files, bytes, kind, id, language } = manifest;
            await import("/static/offline/store.js");
            const rest = { offset: 65536, bytes: new Uint8Array(9) };
            for (const { sha256 } of files) await self.langso.write("chunks", { sha256, ...rest });
            const name = `${kind}/${id}/${language}`;
            await self.langso.write("packs", { ...manifest, name, address, wanted: { done: 9, bytes, files } });
        }""",
        address,
    )
    bring(page, carried)
    expect(page.get_by_text("đã lưu vào máy.")).to_be_visible()
    assert len(saved_packs(page)) == 1


def test_pack_that_is_saved_twice_stays_saved(phone_on: PhoneOn, line: Line, carried: Path) -> None:
    page = phone_on()
    save(page)
    bring(page, carried)
    expect(page.get_by_text("đã lưu vào máy.")).to_be_visible()
    line.is_down = True
    page.goto(LESSON)
    expect(page.locator("h1")).to_have_text("Ba dấu hiệu của kẻ lừa")
    assert page.evaluate("self.langso.read('chunks')") == []
