"""Our own line drawings, 24 × 24, as the inside of an <svg>: one stroke, no fill, nothing to download."""
# ruff: noqa: E501  (a drawing is one string; cutting it helps nobody)

_PATHS: dict[str, str] = {
    # getting around
    "home": "M3 11l9-8 9 8v9a1 1 0 0 1-1 1h-5v-6H9v6H4a1 1 0 0 1-1-1z",
    "basket": "M3 9h18l-2 11H5zM8 9l3-6M16 9l-3-6M9 13v4M15 13v4",
    "market": "M4 10v10h16V10M2 10l3-6h14l3 6a3 3 0 0 1-6 0 3 3 0 0 1-8 0 3 3 0 0 1-6 0M10 20v-6h4v6",
    "plus": "M12 5v14M5 12h14",
    "minus": "M5 12h14",
    "book": "M3 5h7a2 2 0 0 1 2 2v13a2 2 0 0 0-2-2H3zM21 5h-7a2 2 0 0 0-2 2v13a2 2 0 0 1 2-2h7z",
    "person": "M8 8a4 4 0 1 0 8 0 4 4 0 0 0-8 0M4 21a8 8 0 0 1 16 0",
    "people": "M5 8a3.5 3.5 0 1 0 7 0 3.5 3.5 0 0 0-7 0M2 20a6.5 6.5 0 0 1 13 0M15 5a3.5 3.5 0 0 1 0 6.5M18 14a6 6 0 0 1 4 6",
    "search": "M4 10.5a6.5 6.5 0 1 0 13 0 6.5 6.5 0 0 0-13 0M15.5 15.5L21 21",
    "back": "M15 4l-8 8 8 8",
    "next": "M9 4l8 8-8 8",
    "close": "M5 5l14 14M19 5L5 19",
    "menu": "M4 6h16M4 12h16M4 18h16",
    "filter": "M3 5h18l-7 8v7l-4-2v-5z",
    "globe": "M3 12a9 9 0 1 0 18 0 9 9 0 0 0-18 0M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
    "exit": "M10 4H5v16h5M9 12h12M17 8l4 4-4 4",
    # doing
    "listen": "M4 9v6h4l5 4V5L8 9zM16.5 8.5a5 5 0 0 1 0 7M19 6a9 9 0 0 1 0 12",
    "check": "M4 13l5 5L20 6",
    "edit": "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
    "trash": "M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6",
    "camera": "M3 8h4l2-3h6l2 3h4v12H3zM8.5 13.5a3.5 3.5 0 1 0 7 0 3.5 3.5 0 0 0-7 0",
    "send": "M3 11l18-8-6 18-4-7zM11 14l10-11",
    "print": "M7 8V3h10v5M6 17H3V8h18v9h-3M7 14h10v7H7z",
    "save": "M12 3v12M7 10l5 5 5-5M4 20h16",
    "phone": "M5 3h4l2 5-3 2a12 12 0 0 0 6 6l2-3 5 2v4a2 2 0 0 1-2 2A17 17 0 0 1 3 5a2 2 0 0 1 2-2z",
    "again": "M20 12a8 8 0 1 1-2.5-5.8M20 3v5h-5",
    # knowing
    "no-signal": "M4 20v-3M9 20v-7M14 20v-4M19 20V7M3 3l18 18",
    "clock": "M3 12a9 9 0 1 0 18 0 9 9 0 0 0-18 0M12 7v5l4 2",
    "calendar": "M4 6h16v15H4zM4 11h16M8 3v5M16 3v5",
    "pin": "M12 21c-5-6-7-9-7-12a7 7 0 0 1 14 0c0 3-2 6-7 12zM9.5 9a2.5 2.5 0 1 0 5 0 2.5 2.5 0 0 0-5 0",
    "warning": "M12 3L2 20h20zM12 10v4M12 17v.01",
    "info": "M3 12a9 9 0 1 0 18 0 9 9 0 0 0-18 0M12 11v6M12 7v.01",
    "question": "M3 12a9 9 0 1 0 18 0 9 9 0 0 0-18 0M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .8-1 1.7M12 17v.01",
    "box": "M3 8l9-5 9 5v9l-9 5-9-5zM3 8l9 5 9-5M12 13v9",
    "truck": "M2 6h12v11H2zM14 10h4l4 4v3h-8M5 18a2 2 0 1 0 4 0 2 2 0 0 0-4 0M15 18a2 2 0 1 0 4 0 2 2 0 0 0-4 0",
    "money": "M2 6h20v12H2zM9 12a3 3 0 1 0 6 0 3 3 0 0 0-6 0M5 12h.01M19 12h.01",
    "receipt": "M5 3v18l3-2 2 2 2-2 2 2 2-2 3 2V3zM9 8h6M9 12h6",
    "law": "M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7",
    "health": "M12 21C5 15 3 12 3 8.5A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 9 1.5C21 12 19 15 12 21zM12 10v5M9.5 12.5h5",
    "star": "M12 3l2.7 6 6.3.6-4.8 4.2 1.5 6.2-5.7-3.3L6.3 20l1.5-6.2L3 9.6 9.3 9z",
    "lock": "M5 11h14v10H5zM8 11V8a4 4 0 0 1 8 0v3M12 15v2",
    # what is sold (Category.icon takes one of these names)
    "leaf": "M5 19C4 9 10 4 20 4c0 10-5 16-15 15zM5 19c3-5 6-8 10-10",
    "fruit": "M12 8c-3-3-8-1-8 4 0 5 4 9 8 9s8-4 8-9c0-5-5-7-8-4zM12 8c0-3 1-4 3-5",
    "root": "M8 8c4-2 9 1 8 5-1 3-4 5-10 8 0-6-1-11 2-13zM12 7c0-2-1-3-3-4M12 7c1-2 3-3 5-3M9 13h2M11 17h2",
    "rice": "M12 21V9M12 9c-2-2-2-4 0-6 2 2 2 4 0 6zM12 14c-3 0-5-1-5-5 3 0 5 2 5 5zM12 14c3 0 5-1 5-5-3 0-5 2-5 5z"
    "M12 19c-3 0-5-1-5-5 3 0 5 2 5 5zM12 19c3 0 5-1 5-5-3 0-5 2-5 5z",
    "bean": "M7 4c6-2 11 3 10 8s-6 9-10 7c-3-2-1-5 0-7s-4-6 0-8z",
    "honey": "M7 7h10v2l2 3v8a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-8l2-3zM8 3h8v4H8zM12 12l3 2v3l-3 2-3-2v-3z",
    "mushroom": "M3 12a9 8 0 0 1 18 0zM9 12v7a3 2 0 0 0 6 0v-7M9 8h.01M14 7h.01",
    "meat": "M13 4c5-2 9 2 7 7-2 4-7 4-11 7-2 2-5 0-4-3 3-4 3-9 8-11zM14 9a1.5 1.5 0 1 0 3 0 1.5 1.5 0 0 0-3 0"
    "M6 18l-3 3",
    "chicken": "M8 7c0-3 5-3 5 0 0 2 2 3 4 3 3 0 4-2 4-4 1 7-2 12-7 12-5 0-7-4-6-11zM8 8L5 9l3 1M12 18v3M15 18v3"
    "M10.5 7h.01M10 4V3",
    "fish": "M2 12c4-6 10-7 15-1l4-4v10l-4-4c-5 6-11 5-15-1zM7 11h.01",
    "egg": "M12 3c4 0 7 6 7 10a7 7 0 0 1-14 0c0-4 3-10 7-10z",
    "spice": "M14 6c5 3 4 13-10 15 7-4 6-9 7-13zM12 7c0-2 1-4 4-4",
    "tea": "M4 9h13v6a5 5 0 0 1-5 5H9a5 5 0 0 1-5-5zM17 11h2a2 2 0 0 1 0 5h-2M8 3v3M12 3v3",
    "weave": "M12 2l10 10-10 10L2 12zM12 7l5 5-5 5-5-5zM12 2v5M12 17v5M2 12h5M17 12h5",
    "basketry": "M4 10h16l-2 11H6zM4 10c0-9 16-9 16 0M5 14h14M6 18h12M10 10v11M14 10v11",
    "flower": "M9.5 10a2.5 2.5 0 1 0 5 0 2.5 2.5 0 0 0-5 0M12 7.5c-3-6 3-6 0 0M12 12.5c-3 6 3 6 0 0"
    "M9.5 10c-6-3-6 3 0 0M14.5 10c6-3 6 3 0 0M12 14v8",
    "jar": "M7 3h10v4H7zM7 7c-2 1-2 3-2 4v9a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-9c0-1 0-3-2-4M5 12h14M5 17h14",
}


def names() -> list[str]:
    """Every icon name, sorted: for choices in the admin and for the style guide."""
    return sorted(_PATHS)


def path(name: str) -> str:
    """The path data of an icon. Raises KeyError for a name that nobody has drawn."""
    return _PATHS[name]
