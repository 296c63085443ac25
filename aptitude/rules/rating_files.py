"""Files of ratings: what a row says, which rows cannot be taken, and what stands twice.

One row is one score: person, rater, source, dimension, score. No row wins over another by coming
later: where two rows give different scores for the same, neither is taken. Who speaks of somebody
as several sources, such as manager and observer, is one rater still: their mean counts once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from core.errors import RefusedError, ValueProblem
from core.headers import listed
from core.tables import Block
from ledger.rules.judging import Refusal

Whole = NDArray[np.int64]

FIELDS: Mapping[str, tuple[str, ...]] = {
    "person": (
        "person", "ratee", "rated", "employee", "employee_number", "target", "subject", "person id",
    ),
    "rater": ("rater", "rated by", "judge", "assessor", "rater id", "given by"),
    "source": ("source", "relationship", "role of rater", "rater type", "perspective"),
    "dimension": ("dimension", "item", "criterion", "trait", "competency", "dimension code"),
    "score": ("score", "rating", "value", "level", "points"),
}  # fmt: skip
NEEDED = ("person", "rater", "dimension", "score")
OF_ONESELF = frozenset({
    "own", "oneself", "ownrating", "ownassessment", "ownevaluation", "ownreport", "ownview",
})  # fmt: skip
"""Words for what people say of themselves, without spaces and hyphens, as is all that begins with
"self"."""

OF_OTHERS = frozenset({
    "manager", "supervisor", "boss", "superior", "leader", "teamlead", "peer", "colleague",
    "coworker", "report", "directreport", "subordinate", "observer", "customer", "guest", "client",
    "trainer", "coach", "expert", "judge", "hr", "other", "others",
})  # fmt: skip
"""Words for others. Where none of them stands, a rater called like the person is the person; where
one does, the file may number its persons and its raters each from 1."""

NOT_OBSERVED = frozenset({
    "", "-", "–", "?", "n/a", "na", "nan", "n/o", "none", "null", "not observed", "not seen",
})  # fmt: skip
HIGHEST_SCORE = 1_000_000
MOST_DIMENSIONS = 120


@dataclass(frozen=True)
class Ratings:
    """Ratings of a file, by number, in the order of person, rater and dimension.

    Attributes:
        persons: The name of each person by number; raters and dimensions likewise.
        person: The number of the person of each rating; `rater` and `dimension` likewise.
    """

    persons: tuple[str, ...]
    raters: tuple[str, ...]
    dimensions: tuple[str, ...]
    person: Whole
    rater: Whole
    dimension: Whole
    score: NDArray[np.float64]


@dataclass
class ReadFile:
    """What a file of ratings holds.

    Attributes:
        dimensions: Every dimension the file names, scored or not.
        own: How many rows are what people say of themselves; they are in no figure.
        not_observed: How many rows have no score.
        twice: How many rows repeat another one word for word.
        untold: Which ratings are of a group whose spread may not be told; None for none.
        several: How many rows are of raters who speak of one person as more than one source.
    """

    has_source: bool
    rows: int = 0
    own: int = 0
    not_observed: int = 0
    twice: int = 0
    several: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    dimensions: tuple[str, ...] = ()
    ratings: Ratings = field(default_factory=lambda: ratings_of(()))
    untold: NDArray[np.bool_] | None = None


def check_columns(found: Mapping[str, int], header: Sequence[str]) -> None:
    """Refuse a file that lacks what every row needs.

    Raises:
        RefusedError: A column is missing.
    """
    lacking = [name for name in NEEDED if name not in found]
    if lacking:
        raise RefusedError(
            "A file of ratings needs the columns person, rater, source, dimension and score;"
            f" {listed(lacking)} {'is' if len(lacking) == 1 else 'are'} missing."
            f" This one has {listed(list(header))}."
        )


def score_from_text(text: str) -> float | None:
    """Return a score: "4", "3.5", "3,5"; None for nothing or "not observed".

    Raises:
        ValueProblem: It is not a number.
    """
    if text.casefold().replace("_", " ") in NOT_OBSERVED:
        return None
    try:
        score = float(text.replace("−", "-").replace(",", "."))
    except ValueError:
        raise ValueProblem(
            "The score is no number.", "Write a number such as 3.5, or leave it empty."
        ) from None
    if "_" in text or not abs(score) <= HIGHEST_SCORE:
        raise ValueProblem("The score is no number people give.", "Write a number such as 3.5.")
    return score


Key = tuple[str, str, str]
Said = tuple[str, str, str, str]
"""Person, rater, dimension and as which source."""


class RatingReader:
    """Reads the rows of a file, one after the other."""

    def __init__(self, header: Sequence[str], at: Mapping[str, int]) -> None:
        self._header, self._at = header, at
        self._scores: dict[Said, tuple[int, float]] = {}
        self._again: dict[Said, list[tuple[int, float]]] = {}
        self._known: dict[str, float | ValueProblem | None] = {}
        self._dimensions: set[str] = set()
        self._file = ReadFile(has_source="source" in at)

    def read(self, blocks: Iterable[Block]) -> ReadFile:
        """Return what the rows say.

        Raises:
            RefusedError: The file names more dimensions than any framework has.
        """
        for block in blocks:
            self._file.rows += len(block.rows) + len(block.bad)
            self._file.refusals.extend(
                Refusal(bad.row, "", "", bad.reason, bad.remedy, ()) for bad in block.bad
            )
            empty = [""] * len(block.rows)
            columns = [block.columns[self._at[name]] if name in self._at else empty
                       for name in FIELDS]  # fmt: skip
            for row, *cells in zip(block.rows, *columns, strict=True):
                self._read_row(row, *cells)
            self._check_dimensions()
        return self._finished()

    def _column(self, name: str) -> str:
        return self._header[self._at[name]] if name in self._at else name

    def _refuse(self, row: int, name: str, value: str, reason: str, remedy: str) -> None:
        self._file.refusals.append(Refusal(row, self._column(name), value, reason, remedy, ()))

    def _check_dimensions(self) -> None:
        if len(self._dimensions) > MOST_DIMENSIONS:
            raise RefusedError(
                f"The column {self._column('dimension')} names more than {MOST_DIMENSIONS}"
                " dimensions. Name the column of dimensions “dimension”, with one score in a row."
            )

    def _read_row(
        self, row: int, person: str, rater: str, source: str, dimension: str, text: str
    ) -> None:
        for name, cell in (("person", person), ("rater", rater), ("dimension", dimension)):
            if not cell:
                self._refuse(row, name, "", f"The {name} is empty.", "Fill it in.")
                return
        score = self._score(text)
        if isinstance(score, ValueProblem):
            self._refuse(row, "score", text, score.reason, score.remedy)
            return
        self._dimensions.add(dimension)
        if score is None:
            self._file.not_observed += 1
            return
        word = _bare(source)
        if _is_of_oneself(word) or (rater == person and not _is_of_others(word)):
            self._file.own += 1
        else:
            self._keep((person, rater, dimension, word), row, score)

    def _keep(self, key: Said, row: int, score: float) -> None:
        if key in self._scores:
            self._again.setdefault(key, []).append((row, score))
        else:
            self._scores[key] = (row, score)

    def _score(self, text: str) -> float | ValueProblem | None:
        if text not in self._known:
            try:
                self._known[text] = score_from_text(text)
            except ValueProblem as problem:
                self._known[text] = problem
        return self._known[text]

    def _finished(self) -> ReadFile:
        for key, again in self._again.items():
            rows = [self._scores[key], *again]
            if len({score for _, score in rows}) == 1:
                self._file.twice += len(again)
            else:
                del self._scores[key]
                self._refuse_together(key, rows)
        self._file.refusals.sort(key=lambda refusal: refusal.row)
        self._file.dimensions = tuple(sorted(self._dimensions))
        self._file.ratings = ratings_of(self._each_once().items())
        return self._file

    def _each_once(self) -> dict[Key, float]:
        """Return one score of each rater; of who speaks as several sources their mean."""
        found: dict[Key, list[float]] = {}
        for (person, rater, dimension, _), (_, score) in self._scores.items():
            found.setdefault((person, rater, dimension), []).append(score)
        self._file.several = sum(len(some) for some in found.values() if len(some) > 1)
        return {key: fmean(some) if len(some) > 1 else some[0] for key, some in found.items()}

    def _refuse_together(self, key: Said, rows: Sequence[tuple[int, float]]) -> None:
        person, rater, dimension, _ = key
        places = listed([str(row) for row, _ in rows], 6)
        reason = f"{rater} gives {person} different scores on {dimension}, in rows {places}."
        for row, score in rows:
            self._refuse(row, "score", f"{score:g}", reason, "Keep one of them.")


def _bare(source: str) -> str:
    """Return the word for a source without capitals, spaces and hyphens."""
    return "".join(char for char in source.casefold() if char.isalnum())


def _is_of_others(word: str) -> bool:
    return word in OF_OTHERS or word.removesuffix("s") in OF_OTHERS


def _is_of_oneself(word: str) -> bool:
    return word.startswith("self") or word in OF_ONESELF


def ratings_of(scores: Iterable[tuple[Key, float]]) -> Ratings:
    """Number the persons, raters and dimensions of scores, each of which stands once.

    Args:
        scores: Person, rater and dimension, with a score; the order makes no difference.
    """
    lines = sorted(scores)
    names: list[tuple[str, ...]] = []
    numbers: list[Whole] = []
    for place in range(3):
        known = sorted({key[place] for key, _ in lines})
        number = {name: at for at, name in enumerate(known)}
        names.append(tuple(known))
        numbers.append(np.array([number[key[place]] for key, _ in lines], dtype=np.int64))
    persons, raters, dimensions = names
    person, rater, dimension = numbers
    score = np.array([score for _, score in lines], dtype=np.float64)
    return Ratings(persons, raters, dimensions, person, rater, dimension, score)
