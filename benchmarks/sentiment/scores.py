"""How right verdicts are, by class and on the whole."""

from collections.abc import Sequence
from operator import and_
from typing import NamedTuple

from benchmarks.sentiment.judged import VERDICTS
from models.sentiment.rating import Verdict

Pair = tuple[Verdict, Verdict]
"""What people say that a text is, and what a rater says."""


class Score(NamedTuple):
    """Precision, recall and their harmonic mean; 0 where there is nothing to divide by."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        return _ratio(2 * self.precision * self.recall, self.precision + self.recall)


class Scores(NamedTuple):
    """How right a rater is; an unrated text counts as neutral by class, and as wrong unless it is neutral."""

    by_class: dict[Verdict, Score]
    right: float
    unrated: float

    @property
    def macro_f1(self) -> float:
        """The mean of the classes' F1, each as weighty as the others."""
        return sum(score.f1 for score in self.by_class.values()) / len(self.by_class)


def scores_of(pairs: Sequence[Pair]) -> Scores:
    """Compare what a rater says with what people say."""
    by_class = {verdict: _score(verdict, pairs) for verdict in VERDICTS}
    right = sum(judged == rated or (judged, rated) == ("neutral", "unrated") for judged, rated in pairs)
    unrated = sum(rated == "unrated" for _, rated in pairs)
    return Scores(by_class, _ratio(right, len(pairs)), _ratio(unrated, len(pairs)))


def _score(verdict: Verdict, pairs: Sequence[Pair]) -> Score:
    of_class = [judged == verdict for judged, _ in pairs]
    rated_so = [verdict == ("neutral" if rated == "unrated" else rated) for _, rated in pairs]
    hits = sum(map(and_, of_class, rated_so))
    return Score(_ratio(hits, sum(rated_so)), _ratio(hits, sum(of_class)))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
