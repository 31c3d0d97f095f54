"""A source of documents held in memory, for tests of search itself: rows come and go as a test says."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from search.documents import Card, SearchDocument


class ShelfSource:
    """Everything on the shelf is public."""

    template_name = "search/card.html"

    def __init__(self, kind: str, label: str = "", documents: Iterable[SearchDocument] = ()) -> None:
        self.kind = kind
        self.label = label or kind
        self.shelf = {str(document.object_id): document for document in documents}

    def put(self, *documents: SearchDocument) -> None:
        self.shelf.update((str(document.object_id), document) for document in documents)

    def take(self, pk: object) -> None:
        del self.shelf[str(pk)]

    def public(self, ids: Collection[str] | None = None) -> Iterator[SearchDocument]:
        wanted = list(self.shelf) if ids is None else [pk for pk in ids if pk in self.shelf]
        for pk in wanted:
            if (document := self.shelf.get(pk)) is not None:  # taken by another thread meanwhile
                yield document

    def cards(self, ids: Collection[str]) -> Mapping[str, Card]:
        return {
            pk: Card(title=self.shelf[pk].title, url=self.shelf[pk].url, summary=self.shelf[pk].summary)
            for pk in ids
            if pk in self.shelf
        }


def good(pk: int, title: str, body: str = "", *, boost: float = 1.0, language: str = "vi") -> SearchDocument:
    """A product with an address."""
    return SearchDocument("product", pk, title, body, url=f"/cho/{pk}/", boost=boost, language=language)


def lesson(pk: int, title: str, body: str = "") -> SearchDocument:
    """A lesson with an address."""
    return SearchDocument("lesson", pk, title, body, url=f"/hoc/{pk}/")
