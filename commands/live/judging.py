"""Verdicts on a campaign's figures by its thresholds: what is sure, and what it is too early to say."""

from dataclasses import dataclass
from typing import Literal, get_args

from commands.kpi_format import full
from commands.live.page import CampaignPage, Figure
from models.kpis import catalogue
from models.kpis.kpi import Bound, Kpi
from models.metrics.campaign_metrics import MIN_SAMPLE, THRESHOLD
from models.scopes import ScopeKey
from models.windows import FLIGHT, WindowName

Verdict = Literal["beyond", "early", "within"]
"""The worst first."""
PACING = catalogue.kpi("pacing_ratio")
BUDGET_SPENT = catalogue.kpi("budget_spent_ratio")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a figure; it is based on `sample` of the `needed` count."""

    kpi: Kpi
    figure: Figure
    bound: Bound
    limit: float
    sample: float
    needed: float
    verdict: Verdict


def judge(page: CampaignPage, kpi: Kpi, scope: ScopeKey, window: WindowName) -> Judgement | None:
    """Compare a figure with the campaign's threshold.

    None without a threshold or a figure, or if the figure should have bounds and has none at this scope.
    """
    figure = page.figure(kpi, scope, window)
    bound, limit = limit_of(page, kpi)
    judged = figure if kpi.bounds else Figure(figure.value, figure.value, figure.value)
    if limit is None or (judged.lower is None and judged.upper is None):
        return None
    assert kpi.threshold is not None and kpi.sample is not None
    sample = page.total(catalogue.kpi(kpi.sample.kpi), scope, window) or 0
    needed = page.declared(MIN_SAMPLE, kpi.threshold.name) or 0
    verdict = "early" if sample < needed else _verdict(judged, bound, limit)
    return Judgement(kpi, figure, bound, limit, sample, needed, verdict)


def limit_of(page: CampaignPage, kpi: Kpi) -> tuple[Bound, float | None]:
    """Return which way a KPI is limited, and its limit; None if the campaign declares none."""
    if kpi.threshold is None:
        return "min", None
    return kpi.threshold.bound, page.declared(THRESHOLD, kpi.threshold.name, kpi.threshold.bound)


def _verdict(figure: Figure, bound: Bound, limit: float) -> Verdict:
    """Compare both bounds with the limit, as the alerts do."""
    least, most = figure.lower, figure.upper
    above = least is not None and (least > limit if bound == "max" else least >= limit)
    below = most is not None and (most <= limit if bound == "max" else most < limit)
    if not above and not below:
        return "early"
    return "beyond" if above == (bound == "max") else "within"


def judge_all(page: CampaignPage, scope: ScopeKey, window: WindowName) -> list[Judgement]:
    """Return the verdicts on all figures that have a threshold, the worst first."""
    found = [judgement for kpi in catalogue.KPIS if (judgement := judge(page, kpi, scope, window))]
    return sorted(found, key=lambda judgement: get_args(Verdict).index(judgement.verdict))


def judge_pacing(page: CampaignPage) -> Verdict | None:
    """Return whether a running campaign spends its budget about evenly."""
    pacing = page.total(PACING, page.scope, FLIGHT)
    if pacing is None or page.status != "running":
        return None
    return "within" if abs(pacing - 1) <= catalogue.tolerance(PACING.id) else "beyond"


def judge_budget(page: CampaignPage) -> Verdict | None:
    """Return whether more than the budget is spent."""
    spent = page.total(BUDGET_SPENT, page.scope, FLIGHT)
    if spent is None:
        return None
    return "beyond" if spent > 1 else "within"


def badness(page: CampaignPage, window: WindowName = FLIGHT) -> tuple[int, int, int, int]:
    """Rank a campaign: running ones first, then by thresholds passed, budget, and what is unsure."""
    verdicts = [judgement.verdict for judgement in judge_all(page, page.scope, window)]
    money = [judge_pacing(page), judge_budget(page)]
    order = ("running", "grace", "scheduled", "ended")
    late = order.index(page.status) if page.status in order else len(order)
    return (-late, verdicts.count("beyond"), money.count("beyond"), verdicts.count("early"))


def sentence(judgement: Judgement, currency: str) -> str:
    """Say in words how a figure compares with its threshold, with the numbers."""
    kpi, figure, form = judgement.kpi, judgement.figure, judgement.kpi.form

    def say(value: float | None) -> str:
        return full(value, form, currency)

    name = kpi.short
    what = f"No {name} yet" if figure.value is None else f"{name} {say(figure.value)}"
    limit = f"{'maximum' if judgement.bound == 'max' else 'minimum'} {say(judgement.limit)}"
    if judgement.verdict == "early":
        why = _why_early(judgement, say(figure.lower), say(figure.upper))
        return f"{what}, {limit}: too early to say ({why})"
    sure = figure.lower if (judgement.verdict == "beyond") == (judgement.bound == "max") else figure.upper
    if sure is not None and sure != figure.value:
        side = "at least" if sure == figure.lower else "at most"
        what = f"{what}, surely {side} {say(sure)}"
    return f"{what}: {'beyond' if judgement.verdict == 'beyond' else 'keeps'} its {limit}"


def _why_early(judgement: Judgement, lower: str, upper: str) -> str:
    if judgement.sample < judgement.needed:
        sample = judgement.kpi.sample
        words = sample.words.english if sample else ""
        return f"{judgement.sample:,.0f} of {judgement.needed:,.0f} {words}"
    if judgement.figure.upper is None:
        return f"it will be at least {lower}"
    return f"it may be {lower} to {upper}"
