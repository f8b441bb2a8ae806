"""What /metrics must show at one moment, recomputed from the acknowledged records: every series in scope."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.system.support import formulas
from tests.system.support.about import about, lifetime
from tests.system.support.document import Document
from tests.system.support.formulas import LABELS, MONEY, OF_CONTENTS, Value
from tests.system.support.ledger import Ledger
from tests.system.support.naming import Key, Series, key
from tests.system.support.places import Moment, Place, places

EXACT_TO = 12_000
"""Persons of a window whom the product counts one by one; beyond, it samples."""
WITH_BOUNDS = ("campaign", "influencer")
OF_REACH = ("reach_persons", "frequency_ratio", "engagement_ratio")
OF_TARGET = ("target_reach_persons", "target_coverage_ratio")


@dataclass
class Truth:
    """Every series, and which of them may be off because more persons were seen than are remembered."""

    series: Series = field(default_factory=dict)
    sampled: set[Key] = field(default_factory=set)


def series(ledger: Ledger, now: int) -> Series:
    """Compute every series of every campaign that is shown at a moment."""
    return truth(ledger, now).series


def truth(ledger: Ledger, now: int) -> Truth:
    """Compute every series, and which of them rest on a sample."""
    result, document = Truth(), ledger.document
    for campaign in document.campaigns.values():
        if campaign.shown(now):
            moment = _moment(ledger, document, campaign.id, now)
            for place in places(moment):
                _add(result, place, campaign.currency)
            result.series.update(about(moment))
            result.series.update(lifetime(moment, ledger))
    return result


def _moment(ledger: Ledger, document: Document, campaign: str, now: int) -> Moment:
    tallies, seen = ledger.tallies(campaign, now), ledger.leaves(campaign)
    return Moment(document.campaigns[campaign], document, now, tallies, seen)


def _add(result: Truth, place: Place, currency: str) -> None:
    sampled = _sampled(place)
    for name, value in _shown(place).items():
        for key_, number in _named(place, name, value, currency):
            result.series[key_] = number
            if _kpi(name) in sampled:
                result.sampled.add(key_)


def _shown(place: Place) -> dict[str, Value]:
    found = formulas.values(place)
    if place.scope == "content":
        return {name: value for name, value in found.items() if name in OF_CONTENTS}
    return found | formulas.bounds(place) if place.scope in WITH_BOUNDS else found


def _sampled(place: Place) -> tuple[str, ...]:
    reach, target = (len(people) > EXACT_TO for people in (place.tally.persons, place.tally.targeted))
    return OF_REACH * reach + OF_TARGET * target


def _kpi(name: str) -> str:
    return name.removesuffix("_lower").removesuffix("_upper")


def _named(place: Place, name: str, value: Value, currency: str) -> Iterator[tuple[Key, float]]:
    family, kpi = f"kpi_{place.scope}_{name}", _kpi(name)
    if isinstance(value, dict):
        for label, count in value.items():
            yield key(family, **place.labels, **{LABELS[kpi]: label}), count
    else:
        yield key(family, **place.labels, **({"currency": currency} if kpi in MONEY else {})), value


def pipeline(ledger: Ledger) -> tuple[Series, Series]:
    """Compute the pipeline's own counters, least and most: no time changes them."""
    outcomes = {
        key("kpi_pipeline_events_total", topic=t, outcome=o): float(n)
        for (t, o), n in ledger.outcomes.items()
    }
    letters = {
        key("kpi_pipeline_dead_letters_total", topic=t, reason=r): n for (t, r), n in ledger.refusals.items()
    }
    late = {key("kpi_pipeline_late_events_total", topic=t): n for t, n in ledger.late.items()}
    leaves = {
        key("kpi_pipeline_leaves", campaign=name): float(len(ledger.leaves(name)))
        for name in ledger.document.campaigns
    }
    least: Series = {**outcomes, **letters, **late, **leaves}
    most = dict(least)
    # Whether a further report of an order is `counted` or `duplicate` is not in the contract,
    # nor whether an adjustment, which counts where its sale does, can be late.
    counted, duplicate = (
        key("kpi_pipeline_events_total", topic="conversions", outcome=o) for o in ("counted", "duplicate")
    )
    least[counted] = least.get(counted, 0) - ledger.repeated_reports()
    most[duplicate] = most.get(duplicate, 0) + ledger.repeated_reports()
    late_sales = key("kpi_pipeline_late_events_total", topic="conversions")
    most[late_sales] = least.get(late_sales, 0) + ledger.late_adjustments
    return least, most
