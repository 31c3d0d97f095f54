"""Who may see a photo or a file that is not public: its owner, and whom the apps above say.

An app registers one question in its ``ready()``:

    register_access(lambda request, thing: isinstance(thing, Photo) and manages(request.user, thing))

Every question is asked about every thing; one yes is enough. It must be quick, and answer False about things it does
not know.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from media.models import Attachment, Photo

Question = Callable[[HttpRequest, "Photo | Attachment"], bool]

_questions: list[Question] = []


def register_access(question: Question) -> Question:
    """Add a question; usable as a decorator. The same again changes nothing."""
    if question not in _questions:
        _questions.append(question)
    return question


def may_see(request: HttpRequest, thing: Photo | Attachment) -> bool:
    """Return whether the person of this request may open ``thing``."""
    return any(question(request, thing) for question in _questions)


@register_access
def is_owner(request: HttpRequest, thing: Photo | Attachment) -> bool:
    """The person whose thing it is."""
    user = request.user
    return (
        user.is_authenticated and user.is_active and thing.owner_id is not None and thing.owner_id == user.pk
    )


@register_access
def is_editor_of_site_pictures(request: HttpRequest, thing: Photo | Attachment) -> bool:
    """Editors see the site's own pictures, as Wagtail's permissions say; never those of a person."""
    from wagtail.permissions import policy_registry

    if not isinstance(thing, Photo) or thing.owner_id is not None or not request.user.is_authenticated:
        return False
    policy = policy_registry.get_by_type(Photo)
    return bool(policy.user_has_any_permission_for_instance(request.user, ["choose", "change"], thing))
