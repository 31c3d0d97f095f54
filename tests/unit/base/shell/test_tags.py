"""The shell's tags: what stands in the HTML, and that nothing a person typed gets in unescaped."""

from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from base.shell import icons
from base.shell.widgets import PictureRadio


@pytest.fixture(autouse=True)
def _vietnamese() -> Any:
    with translation.override("vi"):
        yield


class _Form(forms.Form):
    name = forms.CharField(label="Hàng gì?", max_length=10, help_text="Tên ngắn")
    note = forms.CharField(label="Nhắn thêm", required=False)
    kind = forms.ChoiceField(
        label="Loại",
        choices=[("rau", "Rau"), ("mat", "Mật ong")],
        widget=PictureRadio(icons={"rau": "leaf", "mat": "honey"}),
    )
    agree = forms.BooleanField(label="Đồng ý")


class _Tags(HTMLParser):
    """Collects the start tags, so that a test reads attributes and not their order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def one(self, tag: str, **wanted: str) -> dict[str, str | None]:
        (match,) = [a for t, a in self.found if t == tag and all(a.get(k) == v for k, v in wanted.items())]
        return match


def _render(source: str, **context: Any) -> str:
    return Template("{% load shell %}" + source).render(Context(context))


def test_icon_beside_a_word_is_silent_and_alone_has_a_name() -> None:
    assert _Tags(_render('{% icon "leaf" %}')).one("svg")["aria-hidden"] == "true"
    alone = _Tags(_render('{% icon "trash" label %}', label='Bỏ "măng"')).one("svg")
    assert (alone["role"], alone["aria-label"], "aria-hidden" in alone) == ("img", 'Bỏ "măng"', False)


def test_icon_unknown_is_an_error_only_while_developing(settings: Any) -> None:
    settings.DEBUG = True
    with pytest.raises(KeyError):
        _render('{% icon "dragon" %}')
    settings.DEBUG = False
    assert icons.path("leaf") in _render('{% icon "dragon" %}')


def test_every_category_picture_is_drawn() -> None:
    wanted = {
        "leaf",
        "fruit",
        "root",
        "rice",
        "honey",
        "mushroom",
        "meat",
        "weave",
        "tea",
        "spice",
        "chicken",
    }
    assert wanted - set(icons.names()) == set()


def test_filters_say_nothing_for_nothing() -> None:
    assert _render("{{ x|vnd }}{{ x|ngay }}{{ x|gio }}{{ x|phone }}", x=None) == ""


def test_dates_follow_the_language_that_is_read() -> None:
    moment = datetime(1999, 11, 24, 20, 30)
    assert _render("{{ d|gio }} {{ d|ngay }}", d=moment) == "20 giờ 30 thứ Tư, 24 tháng 11 năm 1999"
    with translation.override("en"):
        assert _render("{{ d|gio }} {{ d|ngay }}", d=moment) == "20:30 Nov. 24, 1999"
        assert _render("{{ d|ngay }}", d=date(1999, 11, 24)) == "Nov. 24, 1999"


def test_field_ties_label_help_and_error_to_the_control() -> None:
    form = _Form({"name": "x" * 11})
    html = _render("{% field form.name %}", form=form)
    control = _Tags(html).one("input")
    assert control["aria-describedby"] == "id_name_helptext id_name_error"
    assert control["aria-invalid"] == "true"
    assert control["class"] == "field bad"
    assert _Tags(html).one("label")["for"] == "id_name"
    assert _Tags(html).one("p", id="id_name_error")["class"] == "err"
    assert _Tags(html).one("p", id="id_name_helptext")["class"] == "hint"


def test_field_keeps_what_was_typed_escaped() -> None:
    html = _render("{% field form.name %}", form=_Form({"name": "<b>Gừng</b> trâu"}))
    assert "&lt;b&gt;Gừng&lt;/b&gt; trâu" in html
    assert "<b>" not in html


def test_field_says_in_words_what_is_not_required() -> None:
    form = _Form()
    assert "không bắt buộc" in _render("{% field form.note %}", form=form)
    assert "không bắt buộc" not in _render("{% field form.name %}", form=form)


def test_field_passes_unit_and_attributes_on() -> None:
    html = _render('{% field form.note unit="kg" inputmode="numeric" data_x="1" %}', form=_Form())
    control = _Tags(html).one("input")
    assert (control["inputmode"], control["data-x"]) == ("numeric", "1")
    assert '<div class="unit">' in html
    assert "<span>kg</span>" in html


def test_field_draws_picture_choices_as_one_group() -> None:
    html = _render("{% field form.kind %}", form=_Form({"kind": "mat"}))
    assert _Tags(html).one("input", value="mat")["checked"] in ("", None)
    assert "checked" not in _Tags(html).one("input", value="rau")
    assert icons.path("honey") in html
    assert "<legend>Loại</legend>" in html


def test_field_puts_a_tick_box_inside_its_label() -> None:
    html = _render("{% field form.agree %}", form=_Form({}))
    assert html.index('<label class="opt">') < html.index("<input") < html.index("<span>Đồng ý</span>")
    assert _Tags(html).one("input")["aria-describedby"] == "id_agree_error"


def test_errors_lead_to_their_fields() -> None:
    form = _Form({"name": "măng", "note": ""})
    form.add_error(None, "Mạng vừa <ngắt>.")
    html = _render("{% errors form %}", form=form)
    links = [a["href"] for t, a in _Tags(html).found if t == "a"]
    assert links == ["#id_kind_0", "#id_agree"]
    assert "Mạng vừa &lt;ngắt&gt;." in html


def test_errors_are_silent_for_a_new_or_a_right_form() -> None:
    right = {"name": "măng", "kind": "rau", "agree": "on"}
    assert _render("{% errors a %}{% errors b %}", a=_Form(), b=_Form(right)) == ""


def _pages(number: int, query: str = "", keep: str = "") -> list[str | None]:
    request = RequestFactory().get("/cho/?" + query)
    page = Paginator(range(30), 12).get_page(number)
    html = _render("{% pages page keep=keep %}", page=page, request=request, keep=keep)
    return [a["href"] for t, a in _Tags(html).found if t == "a"]


def test_pages_links_before_and_after() -> None:
    assert [_pages(n) for n in (1, 2, 3)] == [["?trang=2"], ["?", "?trang=3"], ["?trang=2"]]


def test_pages_keeps_only_named_parameters() -> None:
    assert _pages(2, "nhom=rau+qua&utm=x", keep="nhom") == ["?nhom=rau+qua", "?nhom=rau+qua&trang=3"]


def test_pages_is_silent_for_a_single_page() -> None:
    assert _render("{% pages page %}", page=Paginator([1], 12).get_page(1)) == ""


@pytest.mark.parametrize(("done", "total", "width"), [(0, 0, "0"), (2, 6, "33"), (9, 6, "100"), (-1, 6, "0")])
def test_progress_stays_inside_its_bar(done: int, total: int, width: str) -> None:
    assert _Tags(_render("{% progress d t %}", d=done, t=total)).one("rect")["width"] == width


def test_card_shows_price_unit_and_name_and_stands_without_a_photo() -> None:
    good = {"url": "/cho/mang-1/", "name": "<Măng>", "price": 15_000, "unit": "kg", "who": "Nhà A Thút"}
    html = _render('{% include "shell/goods.html" %}', goods=[good | {"icon": "root"}])
    assert "15.000\u00a0₫<wbr><small>/kg</small>" in html
    assert '<a href="/cho/mang-1/">&lt;Măng&gt;</a>' in html
    assert icons.path("root") in html
