"""Registers the app, its checks and what it does with rows of the outbox."""

from django.apps import AppConfig


class MediaConfig(AppConfig):
    """Django's record of this app."""

    name = "media"
    label = "media"
    verbose_name = "Ảnh và tệp"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the outbox handler and the checks by importing them, and our rule for Wagtail's image screens.

        ``exact_class``, because Wagtail registers its own rule for the same class later and only this one wins over it.
        """
        from wagtail.permissions import register_permission_policy

        from media import checks, renditions  # noqa: F401
        from media.models import Photo
        from media.policy import EditorPhotoPolicy

        policy = EditorPhotoPolicy(
            Photo, auth_model="wagtailimages.Image", owner_field_name="uploaded_by_user"
        )
        register_permission_policy(Photo, policy, exact_class=True)
