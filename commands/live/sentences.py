"""What figures say, in words; and why there are none."""

import difflib
from collections.abc import Iterable
from typing import NamedTuple

from commands.kpi_format import full
from commands.live import judging
from commands.live.cells import Look, ago
from commands.live.judging import SIGNS, Verdict
from commands.live.memory import Memory, Worker
from commands.printable import printable
from models.kpis.concerns import Concern
from models.kpis.kpi import Kpi
from models.readings.figure import NOTHING, Figure
from models.readings.views import CampaignFigures, Kpis

_LAGGING = 1000
_CONCERNS: dict[Concern, str] = {
    "silence": "Silent for longer than its own rhythm explains: likely interrupted.",
    "sentiment_drop": "Sentiment of the last 24 h is likely below what it was before.",
    "suspicious_burst": "Of the latest interactions likely more are suspicious than organic.",
}
"""What is said of a concern beside budgets."""


class Line(NamedTuple):
    """A sentence and how it is drawn."""

    text: str
    look: Look = ""


def verdict_lines(campaign: CampaignFigures) -> list[Line]:
    """Say what is beyond a threshold or too early to say; or that nothing is beyond."""
    found = [
        Line(f"{SIGNS[said]} {sentence(entry, campaign.kpis, said, campaign.currency)}.", said)
        for entry, said in judging.verdicts(campaign)
        if said != "keeps"
    ]
    found = [
        *(
            Line(f"{SIGNS['beyond']} {words}", "beyond")
            for name, words in _CONCERNS.items()
            if judging.concern(campaign, name) == "beyond"
        ),
        *found,
    ]
    if found or not judging.verdicts(campaign):
        return found
    return [Line(f"{SIGNS['keeps']} Nothing is beyond its threshold.", "keeps")]


def budget_line(campaign: CampaignFigures) -> list[Line]:
    """Say how much of the budget is spent, where that is beyond what was planned."""
    names = ("budget_spent_ratio", "forecast_spent_ratio")
    spent, forecast = (campaign.kpis.get(name, NOTHING) for name in names)
    off_plan = judging.concern(campaign, "overspend", "underspend") == "beyond"
    if not off_plan and (spent.value or 0) <= 1:
        return []
    so_far = (
        f"{spent.value or 0:.0%} of {full(campaign.budget, 'money', printable(campaign.currency))} is spent"
    )
    end = ""
    if forecast.lower is not None and forecast.upper is not None:
        end = f": likely {forecast.lower:.0%} to {forecast.upper:.0%} by the end of the flight"
    return [Line(f"{_pace_sign(campaign)} {so_far}{end}.", "beyond")]


def _pace_sign(campaign: CampaignFigures) -> str:
    signs = {"overspend": "▲", "underspend": "▼"}
    return next((sign for name, sign in signs.items() if campaign.concerns.get(name) == -1), "✗")  # type: ignore[call-overload]  # the keys are concerns


def sentence(entry: Kpi, kpis: Kpis, said: Verdict, currency: str) -> str:
    """Say in words how a figure likely compares with its threshold, with the numbers."""
    figure = kpis.get(entry.id, NOTHING)
    limit = figure.threshold
    assert limit is not None, "only what has a threshold is judged"

    def say(value: float | None) -> str:
        return full(value, entry.form, printable(currency))

    what = f"No {entry.short} yet" if figure.value is None else f"{entry.short} {say(figure.value)}"
    bound = f"{'maximum' if limit.bound == 'max' else 'minimum'} {say(limit.value)}"
    lower, upper = likely(figure)
    if said == "early":
        least, most = (None if side is None else say(side) for side in (lower, upper))
        return f"{what}, {bound}: too early to say{_why_early(entry, kpis, least, most)}"
    is_least = (said == "beyond") == (limit.bound == "max")
    decides = lower if is_least else upper
    if decides is not None:
        what = f"{what}, likely {'at least' if is_least else 'at most'} {say(decides)}"
    return f"{what}: {'beyond' if said == 'beyond' else 'keeps'} its {bound}"


def likely(figure: Figure) -> tuple[float | None, float | None]:
    """Return the bounds that verdicts are made from: those for every look, else those of one."""
    if figure.always_lower is None and figure.always_upper is None:
        return figure.lower, figure.upper
    return figure.always_lower, figure.always_upper


def _why_early(entry: Kpi, kpis: Kpis, lower: str | None, upper: str | None) -> str:
    limit = kpis[entry.id].threshold
    if limit is not None and entry.sample is not None:
        counted = kpis.get(entry.sample.kpi, NOTHING).value or 0
        if counted < limit.min_sample:
            return f" ({counted:,.0f} of {limit.min_sample:,} {entry.sample.words.english})"
    if lower is None and upper is None:
        return ""
    if upper is None:
        return f" (it will likely be at least {lower})"
    if lower is None:
        return f" (it will likely be at most {upper})"
    return f" (it is likely {lower} to {upper})"


def worker_lines(memory: Memory, now: float) -> list[Line]:
    """Say which workers do not answer or are not ready; otherwise how many there are."""
    workers = list(memory.workers.values())
    lines = [line for worker in workers for line in _trouble(worker, now)]
    if lines:
        return lines
    answered = [worker for worker in workers if worker.answered_at is not None]
    if not answered:
        return [Line(f"reading {', '.join(map(printable, memory.workers))}…", "dim")]
    text = f"● {len(answered)} worker{'s' if len(answered) > 1 else ''}, ready"
    lag = sum(worker.lag for worker in answered)
    waiting = f"; {lag:,} records wait to be counted" if lag >= _LAGGING else ""
    missing = "".join(f"; {line}" for line in elsewhere(memory, now))
    return [Line(text + waiting + missing, "early" if waiting or missing else "keeps")]


def elsewhere(memory: Memory, now: float) -> list[str]:
    """Say how many campaigns other workers show: nothing, or half a sentence."""
    missing = memory.missing(now)
    more = "1 more campaign is" if missing == 1 else f"{missing:,} more campaigns are"
    return [f"{more} shown by workers that are not asked (--from HOST:PORT), or soon"] if missing else []


def _trouble(worker: Worker, now: float) -> Iterable[Line]:
    if worker.problem is not None:
        last = f", last read {ago(now - worker.answered_at)} ago" if worker.answered_at else ""
        yield Line(f"✗ {printable(worker.problem)}{last}", "beyond")
    elif not worker.ready:
        yield Line(f"✗ {_not_ready(worker)}", "beyond")
    elif worker.recovering:
        what = f"… {printable(worker.address)} restores {worker.recovering} partitions"
        yield Line(f"{what}; their campaigns come back then", "early")


def trouble(worker: Worker) -> list[str]:
    """Say what is wrong with a worker: nothing, or one sentence."""
    if worker.problem is not None:
        return [f"{printable(worker.problem)}: what it counts is missing here."]
    return [] if worker.ready else [f"{_not_ready(worker)}."]


def _not_ready(worker: Worker) -> str:
    return f"The worker at {printable(worker.address)} is not ready: {printable(worker.reason)}"


def why_nothing(memory: Memory) -> str:
    """Say why no campaign is shown: it blames the campaigns only where every worker is well."""
    workers = list(memory.workers.values())
    answered = [worker for worker in workers if worker.answered_at is not None]
    if not answered:
        return "No worker answers yet. `kpis up` or `kpis worker` starts one; --from HOST:PORT names another."
    unready = next((worker for worker in answered if not worker.ready), None)
    if unready is not None:
        return f"No campaign is shown. {_not_ready(unready)}."
    if any(worker.problem for worker in workers):
        return "No campaign is shown by the workers that answer; another does not answer."
    registered = max(worker.registered for worker in answered)
    if registered:
        hint = "another worker counts them (--from HOST:PORT, one for each worker), or they are over"
        return f"{_campaigns(registered)} registered, but none is shown here: {hint}."
    return "No campaign is registered: `kpis campaigns apply FILE` registers some."


def _campaigns(number: int) -> str:
    return f"{number:,} campaigns are" if number != 1 else "1 campaign is"


def near(name: str, known: Iterable[str]) -> str:
    """Suggest the campaign that was meant, if one is near."""
    found = difflib.get_close_matches(name, list(known), n=1)
    return f" Did you mean {found[0]}?" if found else ""
