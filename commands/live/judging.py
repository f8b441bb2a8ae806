"""Verdicts on a campaign's figures, as its worker gives them: alerts and dashboards read the same.

Only the figures of influencers are compared here, with their campaign's thresholds: a worker judges
campaigns. Contents, channels and formats have no bounds, and so no verdict.
"""

from typing import Literal, get_args

from models.kpis import catalogue
from models.kpis.bounds import Interval
from models.kpis.concerns import BUDGET, CONCERNS, Concern
from models.kpis.kpi import Kpi
from models.kpis.verdict import verdict_of
from models.readings.figure import NOTHING, Figure, Limit
from models.readings.views import CampaignFigures, Part

Verdict = Literal["beyond", "early", "keeps"]
"""The worst first."""
WORST_FIRST: tuple[Verdict, ...] = get_args(Verdict)
SIGNS: dict[Verdict | None, str] = {"beyond": "✗", "early": "?", "keeps": "✓", None: ""}
FEW = "~"
_SAID: dict[int | None, Verdict] = {-1: "beyond", 0: "early", 1: "keeps"}
_LIFE = ("running", "grace", "scheduled", "ended")


def verdict(figure: Figure) -> Verdict | None:
    """Return the verdict that a worker gives on a figure; None where it gives none."""
    return _SAID.get(figure.verdict)


def concern(campaign: CampaignFigures, *names: Concern) -> Verdict | None:
    """Return the worst verdict on concerns of a campaign; None where there is none."""
    found = [_SAID.get(campaign.concerns.get(name)) for name in names]
    return next((one for one in WORST_FIRST if one in found), None)


def verdicts(campaign: CampaignFigures) -> list[tuple[Kpi, Verdict]]:
    """List the KPIs of a campaign that have a verdict, the worst first."""
    found = [
        (entry, said)
        for entry in catalogue.KPIS
        if (said := verdict(campaign.kpis.get(entry.id, NOTHING))) is not None
    ]
    return sorted(found, key=lambda one: WORST_FIRST.index(one[1]))


def worst(campaign: CampaignFigures) -> Verdict | None:
    """Return the worst of a campaign's verdicts, concerns included."""
    found = [said for _, said in verdicts(campaign)]
    found += [said for said in (concern(campaign, *CONCERNS),) if said]
    return min(found, key=WORST_FIRST.index, default=None)


def badness(campaign: CampaignFigures) -> tuple[int, int, int, int]:
    """Rank a campaign: running ones first, then by thresholds passed, other concerns, and what is unsure."""
    said = [one for _, one in verdicts(campaign)]
    others = [concern(campaign, name) for name in CONCERNS if name not in BUDGET]
    concerns = [concern(campaign, *BUDGET), *others]
    return (
        -_LIFE.index(campaign.status),
        said.count("beyond"),
        concerns.count("beyond"),
        said.count("early"),
    )


def part_verdict(entry: Kpi, part: Part, limit: Limit | None) -> Verdict | None:
    """Compare the 95 % bounds of a part's figure with its campaign's threshold.

    None where there is no threshold, or the part has no bounds.
    """
    figure = part.kpis.get(entry.id, NOTHING)
    if limit is None or entry.sample is None or (figure.lower is None and figure.upper is None):
        return None
    sample = part.kpis.get(entry.sample.kpi, NOTHING).value or 0
    bounds = Interval(figure.lower, figure.upper)
    return _SAID[verdict_of(limit.bound, limit.value, bounds, sample, limit.min_sample)]


def is_doubtful(figure: Figure) -> bool:
    """Return whether a figure is not to be read as it stands: few, or a share of more than all."""
    return figure.small or figure.misleading
