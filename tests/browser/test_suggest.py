"""Completion below the search box: with a keyboard, while a word is composed, offline, and with Save-Data."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPhone

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.sqlite]


def open_market(page: Page) -> list[str]:
    """Open the market and return the addresses that it asks for from then on."""
    asked: list[str] = []
    page.goto("/cho/")
    page.on("request", lambda request: asked.append(request.url))
    return asked


def type_slowly(page: Page, words: str) -> None:
    page.get_by_role("searchbox").focus()
    page.keyboard.type(words, delay=30)


@pytest.mark.parametrize("width", [320, 360])
def test_a_thing_is_chosen_with_the_keyboard(new_phone: NewPhone, width: int) -> None:
    page = new_phone(viewport={"width": width, "height": 740})
    asked = open_market(page)
    top = page.locator("main").bounding_box()
    type_slowly(page, "mat o")
    box = page.get_by_role("combobox")
    options = page.get_by_role("listbox", name="Gợi ý").get_by_role("option")
    expect(options.first).to_contain_text("Mật ong")
    assert page.locator("main").bounding_box() == top  # nothing moves
    assert len([address for address in asked if "/tim/goi-y/" in address]) <= 2  # not one for each letter
    heights = [option.evaluate("option => option.offsetHeight") for option in options.all()]
    assert min(heights) >= 48
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("mat o")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cho/mat-ong-*/")


def test_enter_searches_for_what_was_typed(phone: Page) -> None:
    open_market(phone)
    type_slowly(phone, "mat o")
    expect(phone.get_by_role("option").first).to_be_visible()
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/tim/?q=mat+o")


def test_keys_belong_to_the_vietnamese_keyboard_while_it_composes(phone: Page) -> None:
    open_market(phone)
    phone.get_by_role("searchbox").focus()
    expect(phone.get_by_role("combobox")).to_be_focused()
    keyboard = phone.context.new_cdp_session(phone)
    for part in ("m", "ma", "mâ", "mật"):
        ends = {"selectionStart": len(part), "selectionEnd": len(part)}
        keyboard.send("Input.imeSetComposition", {"text": part, **ends})
    expect(phone.get_by_role("option").first).to_contain_text("ật")
    expect(phone.get_by_role("combobox")).to_have_value("mật")
    keyboard.send("Input.insertText", {"text": "mật"})
    phone.keyboard.type(" o")
    expect(phone.get_by_role("option").first).to_contain_text("Mật ong")
    expect(phone.get_by_role("combobox")).to_have_value("mật o")


def test_without_network_the_box_is_a_box(phone: Page) -> None:
    open_market(phone)
    type_slowly(phone, "mat")
    expect(phone.get_by_role("option").first).to_be_visible()
    phone.context.set_offline(True)
    phone.keyboard.type(" o")
    expect(phone.get_by_role("option").first).to_be_hidden()


def test_an_emptied_box_offers_nothing(phone: Page) -> None:
    open_market(phone)
    type_slowly(phone, "mat o")
    options = phone.get_by_role("option")
    expect(options.first).to_be_visible()
    phone.keyboard.press("ControlOrMeta+a")
    phone.keyboard.press("Backspace")
    expect(phone.get_by_role("listbox")).to_have_count(0)
    phone.keyboard.press("ArrowDown")
    expect(options).to_have_count(0)
    expect(phone.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")


def test_what_a_broken_line_swallowed_is_asked_again(phone: Page) -> None:
    open_market(phone)
    phone.route("**/goi-y/*", lambda route: route.abort())
    with phone.expect_event("requestfailed"):
        type_slowly(phone, "mat o")
        phone.wait_for_timeout(400)
    phone.unroute("**/goi-y/*")
    phone.keyboard.type("x")
    phone.keyboard.press("Backspace")
    expect(phone.get_by_role("option").first).to_be_visible()


def test_nothing_is_loaded_for_who_saves_data(phone: Page) -> None:
    phone.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    asked = open_market(phone)
    type_slowly(phone, "mat o")
    phone.wait_for_timeout(600)
    assert [address for address in asked if "goi-y" in address or "search" in address] == []


def test_half_a_word_finds_things_without_scripts(phone_without_scripts: Page) -> None:
    phone_without_scripts.goto("/cho/")
    phone_without_scripts.get_by_role("searchbox").fill("mat on")
    phone_without_scripts.get_by_role("searchbox").press("Enter")
    expect(phone_without_scripts.locator("main").get_by_role("link", name="Mật ong").first).to_be_visible()
