"""Form controls of the shell: a choice by picture."""

from typing import Any

from django import forms


class PictureRadio(forms.RadioSelect):
    """One choice among pictures with a word under each; `{% field %}` draws it as large tiles.

    The picture is an icon name: `icons[value]`, or the `icon` of the instance behind a ModelChoiceField's
    choice.
    """

    def __init__(
        self, attrs: dict[str, Any] | None = None, choices: Any = (), *, icons: dict[str, str] | None = None
    ) -> None:
        super().__init__(attrs, choices)
        self.icons = icons or {}

    def icon_for(self, value: Any) -> str:
        """The icon of one choice; "" when nobody chose one."""
        instance = getattr(value, "instance", None)
        return self.icons.get(str(value), "") or getattr(instance, "icon", "") or ""
