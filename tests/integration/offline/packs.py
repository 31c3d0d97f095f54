"""Packs as a phone sees them: manifest, every file by its hash; and the scene of a course with two lessons."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.test import Client

from learning.models import CoursePage, LessonPage
from tests.factories import pages

SECRET = "bi-mat-cua-lang"


def address_of(course: CoursePage, language: str = "") -> str:
    """Return where the manifest of a course is."""
    return f"{'/' + language if language else ''}/tai-ve/goi/khoa-hoc/{course.pk}/"


def manifest(client: Client, address: str) -> dict[str, Any]:
    """Return the manifest, which is there."""
    answer = client.get(address)
    assert answer.status_code == 200, (answer.status_code, answer.content)
    found: dict[str, Any] = answer.json()
    return found


def contents(client: Client, address: str) -> dict[str, bytes]:
    """Fetch the pack as a phone does: every file by its hash, checked. Returns the bytes by address."""
    told = manifest(client, address)
    found = {}
    for file in told["files"]:
        answer = client.get(f"{address}{file['sha256']}/")
        data = answer.content
        assert (answer.status_code, len(data), hashlib.sha256(data).hexdigest()) == (
            200,
            file["bytes"],
            file["sha256"],
        ), file
        found[file["url"]] = data
    assert told["bytes"] == sum(len(data) for data in found.values())
    return found


@dataclass
class School:
    """A course of two lessons."""

    course: CoursePage
    first: LessonPage
    second: LessonPage


def make_school() -> School:
    """Return the scene."""
    course = pages.course()
    first = pages.lesson(course, "Chụp ảnh", pages.text("<p>Ra chỗ sáng.</p>"), pages.question())
    second = pages.lesson(course, "Đặt giá")
    return School(course, first, second)
