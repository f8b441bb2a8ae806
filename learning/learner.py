"""From comments to the weights of phrases."""

from collections import Counter
from collections.abc import Sequence
from math import log
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.sentiment.judged import VERDICTS
from learning.examples import Example
from learning.regression import Floats, fit
from models.sentiment.learned import ALWAYS, parts_of
from models.sentiment.weights import Learned, Weights


class Settings(NamedTuple):
    """How it is learned; chosen by comments left out (`python -m learning`).

    A pair of words is learned if it stands in so many comments; a single word always is, because a text is
    judged only if enough of its words are known. What weighs less than `least_weight` both ways is left out,
    but for words.
    """

    penalty: float = 0.3
    least_pairs: int = 2
    least_weight: float = 0.3


def learn(examples: Sequence[Example], settings: Settings = Settings()) -> Learned:  # noqa: B008 - it is frozen
    """Learn what each phrase says, by multinomial logistic regression with L2 on words and pairs of words.

    What the lexicon found is among the phrases, so the others need to explain only what it did not.
    """
    counts = Counter(phrase for example in examples for phrase in _all(example))
    kept = sorted(one for one, count in counts.items() if " " not in one or count >= settings.least_pairs)
    # Where a rare phrase was no cheaper than a common one, fewer comments of others were rated right.
    rarity = np.array([1 + log((1 + len(examples)) / (1 + counts[phrase])) for phrase in kept])
    classes = np.array([VERDICTS.index(example.verdict) for example in examples])
    weights, always = fit(_features(examples, kept, rarity), classes, settings.penalty)
    learned = {phrase: _weights(row) for phrase, row in zip(kept, weights * rarity[:, None], strict=True)}
    said = {one: both for one, both in learned.items() if " " not in one or _says(both, settings)}
    return {ALWAYS: _weights(always), **said}


def _features(examples: Sequence[Example], kept: Sequence[str], rarity: Floats) -> csr_matrix:
    column = {phrase: number for number, phrase in enumerate(kept)}
    rows, columns, values = [], [], []
    for row, example in enumerate(examples):
        phrases = _all(example)
        found = [column[phrase] for phrase in phrases if phrase in column]
        rows += [row] * len(found)
        columns += found
        values += list(rarity[found] / parts_of(example.phrases))
    return csr_matrix((values, (rows, columns)), shape=(len(examples), len(kept)))


def _all(example: Example) -> list[str]:
    return example.phrases.words + example.phrases.others


def _weights(row: Floats) -> Weights:
    negative, neutral, positive = (float(one) for one in row)
    return Weights(round(positive - neutral, 2), round(negative - neutral, 2))


def _says(weights: Weights, settings: Settings) -> bool:
    return max(map(abs, weights)) >= settings.least_weight
