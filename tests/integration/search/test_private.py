"""Private things never leak: one of each is planted with rare words, everything is indexed, and every way into the
search is asked for them, on both engines: before and after a public thing is withdrawn, and after a rebuild."""

import datetime as dt
import hashlib
import io
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
import tantivy
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from base import outbox, pagecache
from base.shell.pages import ShownPageQuerySet
from cms.models import SectionPage
from learning.querysets import LessonPageQuerySet
from marketplace import documents as market_documents
from marketplace.catalogue.listing import archive
from marketplace.catalogue.models import ListingState, Product
from marketplace.order.placement import Contact
from marketplace.partner.models import StockRecord
from media.attachments import add_attachment
from search import indexing, lexicon, urls
from search.analysis import TOKEN_FIELDS
from search.engines.base import Clause, Engine, Query
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.embedded import EmbeddedEngine
from search.finding import Chosen, find
from search.lexicon import current_lexicon
from tests.factories import pages
from tests.factories.accounts import UserFactory
from tests.factories.market import make_good_in
from tests.factories.orders import make_cooperative, make_household, make_product, make_purchase

pytestmark = pytest.mark.django_db
PHONE = "+84987650321"
TEXT_FIELDS = (*TOKEN_FIELDS, "title_tails")


@dataclass(frozen=True)
class Secret:
    """Two rare words, beside each other wherever the thing has text; who asks for one must not see the other."""

    what: str
    first: str
    second: str

    @property
    def text(self) -> str:
        return f"{self.first} {self.second}"

    @property
    def words(self) -> tuple[str, str]:
        return self.first, self.second


_words = (hashlib.blake2b(bytes([number]), digest_size=5).hexdigest() for number in itertools.count())
_as_letters = str.maketrans("0123456789", "ghklmnpqrs")


def secret(what: str) -> Secret:
    """Return two words of ten letters, no two of them alike: nothing but a leak can bring one of them up."""
    return Secret(what, next(_words).translate(_as_letters), next(_words).translate(_as_letters))


def plant_pages() -> Iterator[Secret]:
    """Put up what nobody may read, each with its words in title, summary and body."""

    def fields(one: Secret) -> dict[str, Any]:
        body = json.dumps([pages.text(f"<p>Về {one.text}.</p>")])
        return {"title": f"Bài {one.text}", "summary": f"Nói về {one.text}.", "body": body}

    draft = secret("draft")
    pages.article(live=False, **fields(draft))
    restricted = secret("restricted page")
    page = pages.article(**fields(restricted))
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    by_parent = secret("private by parent")
    parent = pages.published(pages.home(), SectionPage(title="Riêng", slug="rieng"))
    pages.article(parent=parent, **fields(by_parent))
    PageViewRestriction.objects.create(page=parent, restriction_type="password", password="x")
    ended = secret("ended article")
    page = pages.article(**fields(ended))
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - dt.timedelta(minutes=1))
    unpublished = secret("unpublished course")
    of_unpublished = secret("lesson of an unpublished course")
    course = pages.course(f"Khóa {unpublished.text}", summary=unpublished.text)
    pages.lesson(course, f"Bài {of_unpublished.text}", pages.text(f"<p>{of_unpublished.text}</p>"))
    course.unpublish()
    lesson_of_ended = secret("lesson of an ended course")
    course = pages.course("Khóa đã hết hạn")
    pages.lesson(course, lesson_of_ended.text)
    Page.objects.filter(pk=course.pk).update(expire_at=timezone.now() - dt.timedelta(minutes=1))
    changed = secret("unpublished change of a public article")
    page = pages.article("Bài ai cũng đọc")
    page.title = changed.text
    page.save_revision()
    yield from (draft, restricted, by_parent, ended, unpublished, of_unpublished, lesson_of_ended, changed)


def plant_goods() -> Iterator[Secret]:
    """Put up what is not on the market."""
    household = make_household(make_cooperative())
    for state in (
        ListingState.DRAFT,
        ListingState.SUBMITTED,
        ListingState.RETURNED,
        ListingState.ARCHIVED,
    ):
        one = secret(f"{state} goods")
        make_good_in(state, household, one.text, description=one.text)
        yield one
    sold_out = secret("sold-out goods")
    make_product(household, sold_out.text, description=sold_out.text, left=0)
    closed = secret("goods of a closed household")
    closing = make_household(make_cooperative(), f"Hộ {closed.text}")
    make_product(closing, closed.text)
    closing.is_active = False
    closing.save()
    gone = secret("goods of a closed cooperative")
    cooperative = make_cooperative(f"HTX {gone.text}")
    make_product(make_household(cooperative), gone.text)
    cooperative.is_active = False
    cooperative.save()
    reason = secret("why goods were returned")
    make_good_in(ListingState.RETURNED, household, return_reason=reason.text)
    yield from (sold_out, closed, gone, reason)


def plant_people() -> Iterator[Secret]:
    """Have people who buy and who keep papers here."""
    account, buyer, paper = secret("person"), secret("buyer"), secret("attachment")
    owner = UserFactory(first_name=account.first, last_name=account.second, phone=PHONE)
    good = make_product(make_household(make_cooperative()), "Gừng ai cũng thấy")
    make_purchase({good: 1}, contact=Contact(name=buyer.text, phone=PHONE))
    upload = io.BytesIO(b"%PDF-1.4 scan %%EOF")
    add_attachment(upload=upload, owner=owner, kind="consent", title=paper.text)
    yield from (account, buyer, paper, Secret("phone", PHONE[1:], f"0{PHONE[3:]}"))


@pytest.fixture
def planted(site_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[Secret]:
    """All of it; the words of the index are read anew for every question."""
    monkeypatch.setattr(lexicon, "REST_PER_LOAD", 0)
    return [*plant_pages(), *plant_goods(), *plant_people()]


def index_everything() -> None:
    """Have the outbox write all there is, whether public or not."""
    outbox.drain()
    for page in Page.objects.all():
        for kind in ("policy", "course", "lesson"):
            indexing.changed(kind, page.pk)
    for pk in Product.objects.values_list("pk", flat=True):
        indexing.changed("product", pk)
    outbox.drain()


def embedded_of(engine: Engine) -> EmbeddedEngine:
    return engine if isinstance(engine, EmbeddedEngine) else engine.second  # type: ignore[attr-defined,no-any-return]


def held_by(engine: Engine) -> str:
    """Return everything that can be asked out of an engine: live documents as stored, and words of the lexicon."""
    opened = embedded_of(engine).opened()
    assert opened is not None
    state, searcher = opened[0], opened[1].searcher()
    everything = tantivy.Query.all_query()
    held = [str(searcher.doc(address).to_dict()) for _, address in searcher.search(everything, 10_000).hits]
    for field in TEXT_FIELDS:
        held += [term for term, _ in searcher.terms_with_prefix(field, "", everything)]
    words = current_lexicon().words(searcher, state)
    held += [*words.frequency, *words.writings]
    held += [form for forms in words.writings.values() for form, _ in forms]
    if not isinstance(engine, EmbeddedEngine):
        elasticsearch = engine.first  # type: ignore[attr-defined]
        assert isinstance(elasticsearch, ElasticsearchEngine)
        answer = elasticsearch.client.search(index=elasticsearch.alias, size=10_000)
        held.append(json.dumps(answer.body, ensure_ascii=False))
    return "\n".join(held)


def slips(word: str) -> tuple[str, ...]:
    """Return ways to type nearly this word: what one would try to have it guessed."""
    return word[:-1], word[1:], word[:-2] + word[-1] + word[-2], f"{word}a"


def leaks(engine: Engine, secrets: list[Secret], client: Client) -> set[str]:
    """Return what of these comes out of any way into the search."""
    found = set()
    held = held_by(engine)
    reading = current_lexicon().open()
    assert reading is not None
    for one in secrets:
        if any(word in held for word in one.words):
            found.add(f"{one.what}: in the index")
        for word in one.words:
            for field in TEXT_FIELDS:
                answer = engine.search(Query(groups=((Clause(field, word, 1.0),),), limit=5))
                if answer.rows:
                    found.add(f"{one.what}: {field}")
            if reading.written([word]) != [word] or reading.near(f"{word}a", 1):
                found.add(f"{one.what}: words")
        for asked in (one.text, *slips(one.first)[1:3]):
            results = find(asked, Chosen())
            if results.hits or results.nearest or results.meant:
                found.add(f"{one.what}: find({asked})")
        found |= {f"{one.what}: {address}" for address in seen_from(client, one)}
    return found


def seen_from(client: Client, one: Secret) -> Iterator[str]:
    """Ask every address of the search: for a slip of the first word or for its beginning, and look for the word; for
    the first, and look for the second."""
    asked = [(slip, one.first) for slip in (*slips(one.first)[:3], one.first[:4]) if one.first not in slip]
    for question, hidden in (*asked, (one.first, one.second)):
        for pattern in urls.urlpatterns:
            if not isinstance(pattern, URLPattern) or pattern.pattern.converters:
                continue
            address = f"{reverse(f'search_pages:{pattern.name}')}?{urlencode({'q': question})}"
            if hidden in client.get(address, headers={"accept": "*/*"}).content.decode():
                yield address


def test_what_is_private_is_in_no_index_and_comes_out_nowhere(
    planted: list[Secret], site_engine: Engine, client: Client
) -> None:
    public, household = secret("public, then withdrawn"), make_household(make_cooperative())
    words = f"Mật {public.text}"
    article = pages.article(words, summary=words)
    good = make_product(household, words, description=words)
    index_everything()
    for number, withdrawn in enumerate(([], [public])):
        if withdrawn:
            article.unpublish()
            archive(good)
            outbox.drain()
        else:
            assert {hit.key.kind for hit in find(public.text).hits} == {"policy", "product"}
            assert public.first in held_by(site_engine), "the test cannot see anything"
        assert leaks(site_engine, [*planted, *withdrawn], client) == set(), number
    indexing.rebuild()
    pagecache.bump(indexing.STAMP)
    assert find("gừng ai cũng thấy").hits
    assert leaks(site_engine, [*planted, public], client) == set()


@pytest.mark.parametrize("engine", ["embedded"], indirect=True)
def test_it_would_be_seen_if_it_leaked(
    planted: list[Secret], site_engine: Engine, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same with the filters taken away that keep private things out."""
    for pages_of in (ShownPageQuerySet, LessonPageQuerySet):
        monkeypatch.setattr(pages_of, "shown", lambda self: self.all())
    monkeypatch.setattr(market_documents, "listed_stock", StockRecord.objects.all)
    indexing.rebuild()
    outside = {
        "person",
        "buyer",
        "attachment",
        "phone",
        "why goods were returned",
    }  # of no kind that is indexed
    seen = {leak.partition(":")[0] for leak in leaks(site_engine, planted, client)}
    assert seen >= {one.what for one in planted} - outside - {"unpublished change of a public article"}
