"""Where the frame's own links lead: the stable addresses of the site, by short name."""

from django.urls import NoReverseMatch, reverse

# short name -> (URL name, its arguments, the address printed on paper, used where that name is not mounted)
_ADDRESSES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "home": ("wagtail_serve", ("",), "/"),
    "market": ("market:list", (), "/cho/"),
    "basket": ("basket_pages:show", (), "/gio/"),
    "basket_count": ("basket_pages:count", (), "/gio/so/"),
    "sell": ("selling:home", (), "/ban/"),
    "learn": ("wagtail_serve", ("hoc/",), "/hoc/"),
    "me": ("accounts:home", (), "/tai-khoan/"),
    "follow": ("follow:lookup", (), "/don/"),
    "search": ("search_pages:results", (), "/tim/"),
    "saved": ("offline:saved", (), "/tai-ve/"),
    "install": ("offline:install", (), "/manifest.webmanifest"),
    "about": ("wagtail_serve", ("gioi-thieu/",), "/gioi-thieu/"),
}


def address(name: str) -> str:
    """The path of one of the frame's links. Never fails for a known name, so that error pages can use it."""
    url_name, arguments, printed = _ADDRESSES[name]
    try:
        return reverse(url_name, args=arguments)
    except NoReverseMatch:
        return printed
