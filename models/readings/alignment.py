"""Values alignment: how well an influencer fits the brand's values, by the scorecard of the campaign file.

There is no public standard for it, so it is a weighted mean of scores that people gave.
"""

from collections.abc import Collection
from statistics import fmean

from models.campaigns.campaign import Values


def alignment_of(values: Values, influencer: str) -> float | None:
    """Return Σ weight × score ÷ Σ weight ÷ 100 over the values scored; None where none is."""
    scores = values.scores.get(influencer)
    if not scores:
        return None
    weight = sum(values.weights[value] for value in scores)
    return sum(values.weights[value] * score for value, score in scores.items()) / weight / 100


def alignment_of_all(values: Values, listed: Collection[str] | None) -> float | None:
    """Return the mean over the scored influencers, the listed ones if any are; None where none is scored."""
    counted = [name for name in values.scores if listed is None or name in listed]
    found = [alignment_of(values, influencer) for influencer in counted]
    known = [alignment for alignment in found if alignment is not None]
    return fmean(known) if known else None
