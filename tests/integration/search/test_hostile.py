"""10,000 hostile and random questions: each gets an answer of bounded size, and none of them speaks to an engine."""

import json
import random
import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search import registry
from search.analysis import TOKEN_FIELDS
from search.documents import SearchDocument
from search.engines.base import Changes, Engine
from search.facets import FACETS
from search.finding import PAGE_SIZE, Asking, Chosen, find
from search.lexicon import current_lexicon
from search.narrowing import NAMES
from search.question import LONGEST_QUESTION
from tests.integration.search.sources import ShelfSource
from tests.search_judgements.corpora import seed_content
from tests.shared import SHARED

pytestmark = pytest.mark.django_db
NUMBER: Final = 10_000
SEED: Final = 4
REFUSED: Final = re.compile("%00|%ED%[AB]")
"""NUL and halves of characters: the whole site refuses such addresses."""
MOST_CLAUSES: Final = 4_000
"""Tokens that one question becomes at most: of 100 words of one letter with all that may stand for them."""
SYNTAX: Final = (
    "*", "mat*", "m?t", "*:*", "title_folded:mat", "key:product:1", "boost:[0 TO 9]", "price_vnd:>0", "+mat -ong",
    "mat AND ong", "mat OR ong", "NOT mat", '"mat ong"~2', "mat^5", "mat~1", "/m.t/", "[a TO b]", "{a TO b}",
    "(mat ong",
    "mat) OR (ong", "mat\\ ong", "IN [a b]", "_exists_:body", "_id:1", '{"match_all": {}}',
    '{"query": {"script": "1"}}',
    "loai:product", "tieng:vi", "_mat_ong", "mat__ong", "text_folded:_mat_ong", "<script>alert(1)</script>",
)  # fmt: skip
PIECES: Final = (
    *SYNTAX, "mật", "ong", "rừng", "thịt lợn", "dưới 50k", "từ 20k đến 30.000đ", "khóa học", "thủ tục", "-ong", "−ong",
    '"mật ong"', "“mật", "ê̆", "ŏ", "\u0301" * 9, "ꪀꪱꪣ", "𞤀𞤁", "\x00", "\ud800", "\u202e", "\ufeff", "\u200d", "đ", "ð",
    "ﷺ", "İ", "ß", "ﬁ", "½", "٣٤", "１２", "👩‍🌾", "\n", "\t", "%", "'", "0" * 60, "9" * 400, "a" * 300, "e1" * 90,
    "; DROP",
)  # fmt: skip


def shared_questions() -> Iterator[str]:
    """Yield the strings of the hostile collection, where it is."""
    for name in ("blns", "xss", "sqli"):
        if SHARED is not None:
            path = SHARED / "data/hostile-input" / f"{name}.json"
            yield from json.loads(path.read_text(encoding="utf-8"))


def questions() -> list[str]:
    """Return so many questions, the same each time."""
    rng = random.Random(SEED)
    found = [*SYNTAX, *PIECES, *shared_questions()]
    while len(found) < NUMBER:
        kind = rng.random()
        if kind < 0.5:
            found.append(rng.choice((" ", "", " -", '"')).join(rng.choices(PIECES, k=rng.randint(1, 9))))
        elif kind < 0.7:
            found.append("".join(map(chr, rng.choices(range(0xFFFF), k=rng.randint(1, 40)))))
        elif kind < 0.95:
            found.append("".join(rng.choices('abcdeo đăâư"-:*~^()[]{}\\/+&|!0123k.', k=rng.randint(1, 60))))
        else:
            found.append(" ".join(rng.choices("abcdđeghiklmnopqrstuvxy", k=rng.randint(1, 200))))
    return found


@pytest.fixture
def village(site_engine: Engine) -> Iterator[Engine]:
    """The seed's texts, and some hostile strings as names of goods, in both engines in turn."""
    documents = [
        SearchDocument("product", number, one.title, one.text) for number, one in enumerate(seed_content(), 1)
    ]
    names = [SearchDocument("product", 1000 + number, piece, piece) for number, piece in enumerate(PIECES)]
    with registry.only(ShelfSource("product", documents=[*documents, *names])):
        source = registry.get("product")
        assert source is not None
        site_engine.write(Changes(list(source.public()), []))
        yield site_engine


def check(raw: str) -> None:
    """Ask, and look at the size of the answer and at what the engines are asked."""
    results = find(raw, languages=("vi",))
    assert len(results.text) <= LONGEST_QUESTION
    assert len(results.hits) + len(results.nearest) <= PAGE_SIZE
    assert len(results.meant) <= 2 * LONGEST_QUESTION


def tokens_of(engine: Engine, raw: str) -> list[tuple[str, str]]:
    asking = Asking(engine, current_lexicon(), raw, Chosen())
    tokens = asking.tokens
    groups = [clause for group in tokens.groups for clause in group]
    clauses = [*groups, *tokens.others, *tokens.extras, *tokens.required, *tokens.excluded]
    assert asking.filters.values == {}
    assert len(clauses) <= MOST_CLAUSES
    return [(clause.field, clause.token) for clause in clauses]


@pytest.mark.parametrize("engine", ["embedded"], indirect=True)
def test_ten_thousand_questions(village: Engine) -> None:
    asked = questions()
    assert len(asked) >= NUMBER
    for raw in asked:
        check(raw)


@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_hundreds_of_questions_to_elasticsearch(village: Engine) -> None:
    asked = questions()
    for raw in [*SYNTAX, *PIECES, *random.Random(SEED).sample(asked, 300)]:
        check(raw)
        assert village.name == "elasticsearch", (
            raw
        )  # it refused the question, and the embedded index answered


@pytest.mark.parametrize("engine", ["embedded"], indirect=True)
def test_nothing_that_is_typed_is_more_than_words(village: Engine) -> None:
    for raw in random.Random(SEED).sample(questions(), 1500):
        for field, token in tokens_of(village, raw):
            assert field in TOKEN_FIELDS
            assert field not in FACETS
            assert token
            assert not any(character.isspace() or character in '*?:"~^()[]{}\\/+<>' for character in token), (
                raw
            )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("mat*", "mat"),
        ("title_folded:mat", "title folded mat"),
        ("+mat +ong", "mat ong"),
        ("mat^5 ong~1", "mat 5 ong 1"),
        ("(mat ong)", "mat ong"),
        ("_mat_ong", "mat ong"),
        ("key:product:1", "key product 1"),
    ],
)
def test_syntax_of_engines_is_words(village: Engine, typed: str, words: str) -> None:
    def keys(raw: str) -> Sequence[str]:
        results = find(raw)
        return [str(hit.key) for hit in (*results.hits, *results.nearest)]

    assert keys(typed) == keys(words)
    assert [*find("*").hits, *find("*:*").hits] == []


@pytest.mark.parametrize("engine", ["embedded"], indirect=True)
def test_the_page_and_the_api_answer_whatever_stands_in_the_address(village: Engine, client: Client) -> None:
    rng = random.Random(SEED)
    for raw in [*PIECES, *rng.sample(questions(), 60)]:
        sent = quote(raw.encode("utf-8", "surrogatepass"))
        other = f"{rng.choice(NAMES)}={quote(rng.choice(PIECES).encode('utf-8', 'surrogatepass'))}"
        for path in ("/tim/?", f"/tim/?{other}&", f"/api/v1/tim?{other}&", "/tim/goi-y/?"):
            address = f"{path}q={sent}"
            status = client.get(address).status_code
            is_refused = REFUSED.search(address) is not None
            assert status == 200 or (status == 400 and is_refused), address


@settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(raw=st.text(max_size=300))
@example(raw="ê̆" * 200)
@pytest.mark.parametrize("engine", ["embedded"], indirect=True)
def test_any_text_at_all(village: Engine, raw: str) -> None:
    check(raw)
