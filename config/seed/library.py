"""The sample library: articles and courses, written through the apps' own verbs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cms.seeding import make_article
from config.seed import records
from learning.seeding import make_course
from media.models import Photo
from media.photos import publish

PhotoOf = Callable[[records.Picture], Photo]


def public_photo_of(photo_of: PhotoOf) -> PhotoOf:
    """Return ``photo_of`` with every photo made public: editors' pictures are."""

    def shown(picture: records.Picture) -> Photo:
        photo = photo_of(picture)
        publish(photo)
        return photo

    return shown


def make_articles(
    articles: Sequence[records.Article], photo_of: PhotoOf, each: Callable[[str], None]
) -> None:
    """Publish the articles below /chinh-sach/."""
    for article in articles:
        make_article(article, public_photo_of(photo_of))
        each(article.title)


def make_courses(courses: Sequence[records.Course], photo_of: PhotoOf, each: Callable[[str], None]) -> None:
    """Publish the courses with their lessons below /hoc/."""
    for course in courses:
        make_course(course, public_photo_of(photo_of))
        each(course.title)
