"""Puts our permission policy in the place of Wagtail's for photos (Wagtail asks for it here or later than ready())."""

from wagtail.permissions import register_permission_policy

from media.models import Photo
from media.policy import EditorPhotoPolicy

register_permission_policy(
    Photo, EditorPhotoPolicy(Photo, auth_model="wagtailimages.Image", owner_field_name="uploaded_by_user")
)
