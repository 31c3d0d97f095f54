"""Documents and questions for `bench_search.py`: as many as wanted, of words that stand beside each other in the sample
site's texts, the same each time."""

import datetime as dt
import random
from collections.abc import Iterator

from search import text
from search.documents import SearchDocument, Stock

SEED = 4
RARE_WORDS = 4_000
FIRST_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Words:
    """Runs of words out of the sample's texts, with a rare word here and there."""

    def __init__(self) -> None:
        from config.seed import content  # after django.setup()

        pieces = [good.description for good in content.load_market().products]
        pieces += [article.summary for article in content.load_articles()]
        pieces += [f"{lesson.title} {lesson.summary}" for c in content.load_courses() for lesson in c.lessons]
        self.names = [text.words(good.title) for good in content.load_market().products]
        self.runs = [words for piece in pieces if len(words := text.words(piece)) > 8]

    def run(self, rng: random.Random, length: int) -> list[str]:
        """Return so many words, from one place of a text or from several."""
        found: list[str] = []
        while len(found) < length:
            words = rng.choice(self.runs)
            start = rng.randrange(len(words) - 3)
            found += words[start : start + rng.randint(3, 12)]
        return found[:length]

    def document(self, number: int) -> SearchDocument:
        """Return the document of this number."""
        rng = random.Random(SEED * 10_000_000 + number)
        title = [*rng.choice(self.names), *self.run(rng, rng.randint(0, 4)), *self.rare(rng, 1)]
        body = [*self.run(rng, rng.randint(20, 60)), *self.rare(rng, 2)]
        return SearchDocument(
            kind=rng.choice(("product", "product", "product", "policy", "lesson", "course")),
            object_id=number,
            title=" ".join(title),
            body=" ".join(body),
            facets={"nhom": f"nhom-{rng.randrange(20)}", "htx": f"htx-{rng.randrange(200)}"},
            price_vnd=rng.randrange(5, 500) * 1000,
            stock=rng.choice((Stock.NONE, Stock.FEW, Stock.PLENTY, Stock.PLENTY)),
            published_at=FIRST_DAY + dt.timedelta(minutes=number),
            commune=f"{rng.randrange(3000):05}",
            province=f"{rng.randrange(34):02}",
        )

    def rare(self, rng: random.Random, number: int) -> list[str]:
        """Return words that stand in few documents: names of villages and makers have such."""
        letters = "bcdghklmnprstvx", "aăâeêioôơuư", "cmnptu"
        chosen = (rng.randrange(RARE_WORDS) for _ in range(number))
        return [
            "".join(part[one * (place * 7 + 3) % len(part)] for place, part in enumerate(letters * 2))
            for one in chosen
        ]

    def questions(self, words: int, number: int, documents: int) -> Iterator[str]:
        """Yield so many questions of so many words, each out of a document that there is."""
        rng = random.Random(SEED)
        for _ in range(number):
            document = self.document(rng.randrange(documents))
            if words <= 4:
                run = text.words(document.title)
                run = run if len(run) >= words else [*run, *text.words(document.body)]
            else:
                run = text.words(document.body)
                run = run if len(run) >= words else [*run, *self.run(rng, words)]
            start = rng.randrange(max(len(run) - words, 0) + 1)
            yield " ".join(run[start : start + words])

    def mistyped(self, number: int, documents: int) -> Iterator[str]:
        """Yield questions of three words with a letter left out of the longest."""
        rng = random.Random(SEED)
        for question in self.questions(3, number, documents):
            word = max(question.split(), key=len)
            at = rng.randrange(1, len(word)) if len(word) > 1 else 0
            yield question.replace(word, word[:at] + word[at + 1 :], 1)

    def beginnings(self, number: int, documents: int) -> Iterator[str]:
        """Yield what one has typed so far: a word and a half."""
        for question in self.questions(2, number, documents):
            first, *rest = question.split()
            yield " ".join([first, *(word[: max(1, len(word) // 2)] for word in rest)])
