"""The data files of what is learned: a phrase a line, and how much it speaks for positive and for negative.

Fields have tabs between them. Lines that begin with `# ` stand first, then a line with the fields' names.
"""

from collections.abc import Iterable, Mapping
from itertools import takewhile
from math import inf
from typing import NamedTuple

from models.sentiment.folding import folded

FIELDS = ("phrase", "towards positive", "towards negative")
COMMENT = "# "
_FURTHEST = 100.0
_MOST_WORDS = 2


class Weights(NamedTuple):
    """How much a phrase speaks for positive, and for negative, rather than for neutral; in log odds."""

    positive: float
    negative: float


Learned = Mapping[str, Weights]
"""The weights of words and of pairs of them with a space between, of one language."""


class WeightsError(Exception):
    """A file of weights is not valid; the message names file, line and field, a line for each problem."""


def read_weights(name: str, content: bytes) -> Learned:
    """Read a file of weights.

    Raises:
        WeightsError: it is not valid.

    """
    try:
        lines = content.decode().removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise WeightsError(f"{name}:{line}: must be UTF-8") from None
    comments = sum(1 for _ in takewhile(lambda line: line.startswith(COMMENT), lines))
    head = lines[comments] if comments < len(lines) else ""
    if tuple(head.split("\t")) != FIELDS:
        raise WeightsError(f"{name}:{comments + 1}: must be {', '.join(FIELDS)}, with tabs between them")
    return _weights(name, lines[comments + 1 :], comments + 2)


def _weights(name: str, rows: Iterable[str], first_line: int) -> Learned:
    learned: dict[str, Weights] = {}
    mistakes: list[str] = []
    for line, row in enumerate(rows, first_line):
        try:
            phrase, weights = _row(row)
            if phrase in learned:
                raise WeightsError("phrase: stands here a second time")
            learned[phrase] = weights
        except WeightsError as mistake:
            mistakes.append(f"{name}:{line}: {mistake}")
    if mistakes:
        raise WeightsError("\n".join(mistakes))
    return learned


def _row(row: str) -> tuple[str, Weights]:
    fields = row.split("\t")
    if len(fields) != len(FIELDS):
        raise WeightsError(f"must have {len(FIELDS)} fields with tabs between them")
    phrase, positive, negative = fields
    if not phrase or len(phrase.split(" ")) > _MOST_WORDS:
        raise WeightsError("phrase: must be a word, or two with a space between them")
    if phrase != folded(phrase):
        raise WeightsError(f"phrase: texts are read without capitals and accents: {folded(phrase)}")
    return phrase, Weights(_weight(FIELDS[1], positive), _weight(FIELDS[2], negative))


def _weight(field: str, text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = inf
    if not -_FURTHEST <= weight <= _FURTHEST:
        raise WeightsError(f"{field}: must be a number from {-_FURTHEST:g} to {_FURTHEST:g}")
    return weight


def write_weights(learned: Learned, comments: Iterable[str]) -> str:
    """Write a file of weights, sorted by phrase."""
    rows = (f"{phrase}\t{one.positive:.2f}\t{one.negative:.2f}" for phrase, one in sorted(learned.items()))
    return "\n".join([*(COMMENT + comment for comment in comments), "\t".join(FIELDS), *rows, ""])
