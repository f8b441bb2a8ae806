"""How right verdicts are, by class and on the whole."""

from collections import Counter
from collections.abc import Sequence
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
    """The scores of a rater: an unrated text counts as neutral by class, and as wrong unless it is neutral."""

    by_class: dict[Verdict, Score]
    right: float
    unrated: float

    @property
    def macro_f1(self) -> float:
        """The mean of the classes' F1, each as weighty as the others."""
        return sum(score.f1 for score in self.by_class.values()) / len(self.by_class)


def scores_of(pairs: Sequence[Pair]) -> Scores:
    """Compare what a rater says with what people say."""
    counted = Counter((judged, "neutral" if rated == "unrated" else rated) for judged, rated in pairs)
    by_class = {}
    for verdict in VERDICTS:
        hits = counted[verdict, verdict]
        rated = sum(counted[judged, verdict] for judged in VERDICTS)
        judged = sum(counted[verdict, rated] for rated in VERDICTS)
        by_class[verdict] = Score(_ratio(hits, rated), _ratio(hits, judged))
    right = sum(counted[verdict, verdict] for verdict in VERDICTS)
    unrated = sum(rated == "unrated" for _, rated in pairs)
    return Scores(by_class, _ratio(right, len(pairs)), _ratio(unrated, len(pairs)))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
