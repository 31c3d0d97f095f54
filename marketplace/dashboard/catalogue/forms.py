"""Oscar's override point for the dashboard's catalogue forms."""

from oscar.apps.dashboard.catalogue import forms


class CategoryForm(forms.CategoryForm):
    """Without a picture: categories have an icon, and every picture comes in through ``media``."""

    class Meta(forms.CategoryForm.Meta):
        fields = ("name", "slug", "icon", "description", "is_public")
