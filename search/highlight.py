"""Shows where a text matches a question, as pieces that a template escapes one by one."""

from collections.abc import Sequence
from functools import lru_cache

from search import text
from search.documents import Piece

EXCERPT_WORDS = 28
WORDS_BEFORE = 8
ELLIPSIS = "…"
_fold = lru_cache(maxsize=20_000)(
    text.fold
)  # of words: those of the site's texts come again in every excerpt


class Matcher:
    """Knows the words of one question. A word typed with marks does not light up another word's marks."""

    def __init__(self, written: Sequence[str]) -> None:
        self._written = set(written)
        self._folded = {text.fold(word) for word in written}
        self._plain = self._written & self._folded

    def matches(self, word: str) -> bool:
        """Tell whether this word, composed and in lower case, is one of the question's."""
        if word in self._written:
            return True
        folded = _fold(word)
        return folded in self._plain or (folded == word and folded in self._folded)

    def pieces(self, raw: str) -> list[Piece]:
        """Return the whole text in pieces; neighbouring matches are one."""
        composed = text.clean(raw)
        return self._pieces(
            composed, 0, len(composed), self._matching(composed, list(text.word_spans(composed)))
        )

    def excerpt(self, summary: str, body: str) -> list[Piece]:
        """Return the summary if it matches, else the best window of the body, else the summary."""
        summary_pieces = self.pieces(summary)
        if any(piece.is_match for piece in summary_pieces):
            return summary_pieces
        return self._window(body) or summary_pieces

    def _window(self, body: str) -> list[Piece]:
        """Return the stretch of the body with the most different words of the question, or nothing."""
        spans = list(text.word_spans(body))
        matching = self._matching(body, spans)
        if not matching:
            return []
        first = self._best_start(body, spans, matching)
        last = min(len(spans), first + EXCERPT_WORDS)
        start = spans[first][0] if first else 0
        end = spans[last - 1][1] if last < len(spans) else len(body)
        pieces = self._pieces(body, start, end, matching)
        return [
            *([Piece(f"{ELLIPSIS} ")] if first else []),
            *pieces,
            *([Piece(f" {ELLIPSIS}")] if last < len(spans) else []),
        ]

    def _best_start(self, body: str, spans: list[tuple[int, int]], matching: list[tuple[int, int]]) -> int:
        number = {span: index for index, span in enumerate(spans)}
        positions = [(number[span], text.fold(body[slice(*span)])) for span in matching]
        best, best_variety = 0, 0
        for index, (position, _) in enumerate(positions):
            inside = {
                word for at, word in positions[index : index + EXCERPT_WORDS] if at < position + EXCERPT_WORDS
            }
            if len(inside) > best_variety:
                best, best_variety = position, len(inside)
        return max(0, min(best - WORDS_BEFORE, len(spans) - EXCERPT_WORDS))

    def _matching(self, composed: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        # One fold of the whole text would be cheaper, but folding may change lengths.
        return [span for span in spans if self.matches(composed[slice(*span)].lower())]

    def _pieces(self, composed: str, start: int, end: int, matching: list[tuple[int, int]]) -> list[Piece]:
        pieces: list[Piece] = []
        done = start
        for left, right in matching:
            if left < done or right > end:
                continue
            between = composed[done:left]
            if pieces and pieces[-1].is_match and between.isspace():
                pieces[-1] = Piece(pieces[-1].text + between + composed[left:right], is_match=True)
            else:
                if between:
                    pieces.append(Piece(between))
                pieces.append(Piece(composed[left:right], is_match=True))
            done = right
        if done < end:
            pieces.append(Piece(composed[done:end]))
        return pieces
