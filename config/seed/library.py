"""The sample library: articles and courses, written through the apps' own verbs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from cms.models import SectionPage
from cms.seeding import make_article
from config.seed import records
from learning.models import CourseIndexPage
from learning.seeding import make_course
from media.models import Photo
from media.photos import publish

PhotoOf = Callable[[records.Picture], Photo]


def make_articles(
    articles: Sequence[records.Article], photo_of: PhotoOf, each: Callable[[str], None]
) -> None:
    """Publish the articles below /chinh-sach/."""
    section = SectionPage.objects.get(slug="chinh-sach")
    for article in articles:
        make_article(section, article, _public_photos([article.photo], article.blocks, photo_of))
        each(article.title)


def make_courses(courses: Sequence[records.Course], photo_of: PhotoOf, each: Callable[[str], None]) -> None:
    """Publish the courses with their lessons below /hoc/."""
    index = CourseIndexPage.objects.get(slug="hoc")
    for course in courses:
        blocks = [block for lesson in course.lessons for block in lesson.blocks]
        make_course(index, course, _public_photos([course.photo], blocks, photo_of))
        each(course.title)


def _public_photos(
    pictures: Iterable[records.Picture | None], blocks: Iterable[records.Block], photo_of: PhotoOf
) -> dict[str, Photo]:
    """Return the photos of a text by key, all public: editors' pictures are."""
    inside = [block.picture for block in blocks if isinstance(block, records.PhotoBlock)]
    found = {picture.key: photo_of(picture) for picture in [*pictures, *inside] if picture is not None}
    for photo in found.values():
        publish(photo)
    return found
