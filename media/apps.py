"""Registers the app, its checks and what it does with rows of the outbox."""

from django.apps import AppConfig


class MediaConfig(AppConfig):
    """Django's record of this app."""

    name = "media"
    label = "media"
    verbose_name = "Ảnh và tệp"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the outbox handler and the checks by importing them, signals, and our rules for Wagtail's screens.

        ``exact_class``, because Wagtail registers its own rules for the same classes later; only these win over them.
        """
        from wagtail.documents import get_document_model
        from wagtail.permissions import register_permission_policy

        from media import checks, renditions, signals  # noqa: F401
        from media.models import Photo
        from media.policy import EditorPhotoPolicy, NobodysPolicy

        signals.connect()
        policy = EditorPhotoPolicy(
            Photo, auth_model="wagtailimages.Image", owner_field_name="uploaded_by_user"
        )
        register_permission_policy(Photo, policy, exact_class=True)
        documents = get_document_model()
        register_permission_policy(documents, NobodysPolicy(documents), exact_class=True)
