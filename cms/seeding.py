"""Makes sample articles for the seed command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cms.models import PolicyPage, SectionPage, Topic
from media.models import Photo
from media.seeding import body_data

TOPICS = {"chinh-sach": Topic.POLICY, "suc-khoe": Topic.HEALTH, "nong-nghiep": Topic.FARMING}


def make_article(section: SectionPage, data: Any, photos: Mapping[str, Photo]) -> PolicyPage:
    """Publish an article (config.seed.records.Article) below a section; `photos` by picture key."""
    page = PolicyPage(
        title=data.title,
        slug=data.slug,
        locale=section.locale,
        topic=TOPICS[data.topic],
        summary=data.summary,
        document_number=data.document_number or "",
        issuer=data.issuer or "",
        in_force_from=data.in_force_from,
        source_name="; ".join(data.sources),
        cover=photos.get(data.photo.key) if data.photo else None,
        cover_alt=data.photo.alt if data.photo else "",
        body=json.dumps(body_data(data.blocks, photos, data.slug)),
    )
    section.add_child(instance=page)
    page.save_revision().publish()
    return page
