"""Verdicts on a campaign's figures, as its page gives them: alerts and dashboards read the same series.

Nothing is compared here. A place or window without a verdict has none.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from commands.kpi_format import full
from commands.live.page import CampaignPage, Figure
from models.kpis import catalogue
from models.kpis.kpi import Bound, Kpi
from models.metrics.campaign_metrics import MIN_SAMPLE, THRESHOLD
from models.scopes import ScopeKey
from models.windows import FLIGHT, WindowName

Verdict = Literal["beyond", "early", "keeps"]
"""The worst first."""
_SAID: dict[float | None, Verdict] = {-1: "beyond", 0: "early", 1: "keeps"}
PACING = catalogue.kpi("pacing_ratio")
BUDGET_SPENT = catalogue.kpi("budget_spent_ratio")
FORECAST = catalogue.kpi("forecast_spent_ratio")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a figure, based on `sample` of the `needed` count; `likely` holds it at every look."""

    kpi: Kpi
    figure: Figure
    likely: Figure
    bound: Bound
    limit: float
    sample: float
    needed: float
    verdict: Verdict


def judge(page: CampaignPage, kpi: Kpi, scope: ScopeKey, window: WindowName) -> Judgement | None:
    """Return the verdict that the page gives on a figure; None where it gives none."""
    bound, limit = limit_of(page, kpi)
    verdict = _SAID.get(page.verdict(kpi, window)) if scope == page.scope else None
    if verdict is None or limit is None:
        return None
    assert kpi.threshold is not None and kpi.sample is not None
    sample = page.total(catalogue.kpi(kpi.sample.kpi), scope, window) or 0
    needed = page.declared(MIN_SAMPLE, kpi.threshold.name) or 0
    figure, likely = page.figure(kpi, scope, window), page.likely(kpi, window)
    return Judgement(kpi, figure, likely, bound, limit, sample, needed, verdict)


def limit_of(page: CampaignPage, kpi: Kpi) -> tuple[Bound, float | None]:
    """Return which way a KPI is limited, and its limit; None if the campaign declares none."""
    if kpi.threshold is None:
        return "min", None
    return kpi.threshold.bound, page.declared(THRESHOLD, kpi.threshold.name, kpi.threshold.bound)


def judge_all(page: CampaignPage, scope: ScopeKey, window: WindowName) -> list[Judgement]:
    """Return the verdicts on all figures that have one, the worst first."""
    found = [judgement for kpi in catalogue.KPIS if (judgement := judge(page, kpi, scope, window))]
    return sorted(found, key=lambda judgement: get_args(Verdict).index(judgement.verdict))


def judge_pacing(page: CampaignPage) -> Verdict | None:
    """Return whether a campaign will likely spend its budget, no more and no less: the worse of both."""
    found = [_SAID.get(page.concern(name)) for name in ("overspend", "underspend")]
    return next((verdict for verdict in get_args(Verdict) if verdict in found), None)


def judge_budget(page: CampaignPage) -> Verdict | None:
    """Return whether more than the budget is spent, or will likely be."""
    if (page.total(BUDGET_SPENT, page.scope, FLIGHT) or 0) > 1:
        return "beyond"
    return _SAID.get(page.concern("overspend"))


def judge_silence(page: CampaignPage) -> Verdict | None:
    """Return whether a campaign is silent for longer than its own rhythm explains."""
    return _SAID.get(page.concern("silence"))


def is_doubtful(page: CampaignPage, kpi: Kpi, scope: ScopeKey, window: WindowName) -> bool:
    """Return whether a figure stands on too small a sample, or is a share of more than all."""
    value = page.total(kpi, scope, window)
    if value is None or kpi.sample is None:
        return False
    few = (page.total(catalogue.kpi(kpi.sample.kpi), scope, window) or 0) < kpi.sample.least
    return few or (kpi.form == "percent" and value > 1)


def badness(page: CampaignPage, window: WindowName = FLIGHT) -> tuple[int, int, int, int]:
    """Rank a campaign: running ones first, then by thresholds passed, other concerns, and what is unsure."""
    verdicts = [judgement.verdict for judgement in judge_all(page, page.scope, window)]
    concerns = [judge_pacing(page), judge_silence(page)]
    order = ("running", "grace", "scheduled", "ended")
    late = order.index(page.status) if page.status in order else len(order)
    return (-late, verdicts.count("beyond"), concerns.count("beyond"), verdicts.count("early"))


def sentence(judgement: Judgement, currency: str) -> str:
    """Say in words how a figure likely compares with its threshold, with the numbers."""
    kpi, likely, form = judgement.kpi, judgement.likely, judgement.kpi.form

    def say(value: float | None) -> str:
        return full(value, form, currency)

    name = kpi.short
    what = f"No {name} yet" if judgement.figure.value is None else f"{name} {say(judgement.figure.value)}"
    limit = f"{'maximum' if judgement.bound == 'max' else 'minimum'} {say(judgement.limit)}"
    if judgement.verdict == "early":
        why = _why_early(judgement, say(likely.lower), say(likely.upper))
        return f"{what}, {limit}: too early to say{why}"
    is_least = (judgement.verdict == "beyond") == (judgement.bound == "max")
    decides = likely.lower if is_least else likely.upper
    if decides is not None:
        what = f"{what}, likely {'at least' if is_least else 'at most'} {say(decides)}"
    return f"{what}: {'beyond' if judgement.verdict == 'beyond' else 'keeps'} its {limit}"


def _why_early(judgement: Judgement, lower: str, upper: str) -> str:
    if judgement.sample < judgement.needed:
        sample = judgement.kpi.sample
        words = sample.words.english if sample else ""
        return f" ({judgement.sample:,.0f} of {judgement.needed:,.0f} {words})"
    likely = judgement.likely
    if likely.lower is None and likely.upper is None:
        return ""
    if likely.upper is None:
        return f" (it will likely be at least {lower})"
    if likely.lower is None:
        return f" (it will likely be at most {upper})"
    return f" (it is likely {lower} to {upper})"
