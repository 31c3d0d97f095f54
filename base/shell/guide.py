"""The style guide at /_khung/, only in DEBUG: every component, with long names, empty, and with mistakes."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from base.shell import icons
from base.shell.widgets import PictureRadio

_KINDS = {"rau": ("Rau", "leaf"), "qua": ("Quả", "fruit"), "cu": ("Củ", "root"), "mat": ("Mật ong", "honey")}
_GOODS: list[dict[str, Any]] = [
    {
        "url": "#",
        "name": "Chanh leo Mộc Châu",
        "price": 28_000,
        "unit": "kg",
        "who": "Nhà Lò Thị Pành · xã Mường É",
        "tag": "Hái sáng nay",
        "tag_kind": "",
    },
    {
        "url": "#",
        "name": "Khoai lang mật củ nhỏ mới dỡ trên nương, rửa sạch, đóng túi lưới",
        "price": 1_150_000,
        "unit": "túi 500 g",
        "who": "Nhà Nguyễn Thị Hoàng Phương Thảo · xã Phổng Lái",
        "tag": "Có từ thứ Năm",
        "tag_kind": "soon",
    },
    {"url": "#", "name": "Gừng trâu", "price": 22_000, "unit": "kg", "tag": "Hết hàng", "tag_kind": "none"},
    {"url": "#", "name": "Măng", "price": 500, "unit": "", "who": "Nhà A Thút"},
]


class _GoodForm(forms.Form):
    """A form with every kind of control."""

    name = forms.CharField(label="Hàng gì?", max_length=20)
    price = forms.IntegerField(label="Giá", min_value=1, help_text="Quanh đây đang bán 18.000 – 25.000 ₫/kg")
    unit = forms.ChoiceField(label="Cho mỗi", choices=[("kg", "kg"), ("bunch", "bó")])
    kind = forms.ChoiceField(
        label="Loại hàng",
        choices=[(key, word) for key, (word, _icon) in _KINDS.items()],
        widget=PictureRadio(icons={key: name for key, (_word, name) in _KINDS.items()}),
    )
    photo = forms.FileField(
        label="Ảnh", required=False, widget=forms.FileInput(attrs={"data-shrink": "Ảnh hàng"})
    )
    pickup = forms.ChoiceField(
        label="Nhận hàng ở đâu?",
        choices=[
            ("1", "Nhà văn hóa bản Pành"),
            ("2", "Trụ sở hợp tác xã nông nghiệp Mường É, cạnh trạm y tế xã"),
        ],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label="Tôi đã xem lại giá và số lượng")
    note = forms.CharField(label="Nhắn thêm", required=False, widget=forms.Textarea(attrs={"rows": 3}))


def guide(request: HttpRequest) -> HttpResponse:
    """Every component on one page. Raises Http404 outside DEBUG."""
    if not settings.DEBUG:
        raise Http404
    wrong = _GoodForm({"name": "Gừng trâu rất rất rất dài tên", "price": "0", "unit": "kg"})
    wrong.add_error(None, "Mạng vừa ngắt. Gửi lại lần nữa nhé.")
    context = {
        "nav": request.GET.get("nav", "market"),
        "goods": _GOODS,
        "form": _GoodForm(auto_id="new_%s"),
        "wrong": wrong,
        "page": Paginator(range(60), 12).get_page(request.GET.get("trang", 2)),
        "icons": icons.names(),
        "now": timezone.now(),
        "page_languages": [
            {"code": "vi", "name": "Tiếng Việt", "url": "/", "current": True},
            {"code": "en", "name": "English", "url": "/en/", "current": False},
        ],
        "messages": [],
    }
    template = "shell/guide_desk.html" if "ban" in request.GET else "shell/guide.html"
    return render(request, template, context)
