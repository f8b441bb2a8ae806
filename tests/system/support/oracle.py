"""What /metrics must show at one moment, recomputed from the acknowledged records: every series in scope."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.system.support import formulas
from tests.system.support.about import about, lifetime
from tests.system.support.document import Document
from tests.system.support.formulas import LABELS, MONEY, OF_CONTENTS, OF_WHOM, Value
from tests.system.support.ledger import Ledger
from tests.system.support.naming import Key, Series, key
from tests.system.support.places import Moment, Place, places

WITH_BOUNDS = ("campaign", "influencer")
EXACT_TO = 12_000
"""Persons of a window whom the product counts one by one; beyond, it samples."""
OF_REACH = ("reach_persons", "estimated_reach_persons", "frequency_ratio", "engagement_ratio")
WITHOUT_WINDOW = ("committed",)
OF_TARGET = ("target_reach_persons", "target_coverage_ratio")


@dataclass
class Truth:
    """Every series, and which of them may be off because more persons were seen than are remembered.

    `unknown`: series that must not be shown, not even as 0. `due`: those that must be, whatever they are.
    """

    series: Series = field(default_factory=dict)
    unknown: set[Key] = field(default_factory=set)
    due: set[Key] = field(default_factory=set)
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
    for name in formulas.unknown(place):
        result.unknown.update(name for name, _ in _named(place, name, 0.0, currency))
    if place.scope in WITH_BOUNDS and place.spent and not place.goals:
        # What was spent bounds CPA from below before there is any conversion.
        result.due.update(name for name, _ in _named(place, "cpa_lower", 0.0, currency))


def _shown(place: Place) -> dict[str, Value]:
    found = formulas.values(place)
    if place.scope == "content":
        return {name: value for name, value in found.items() if name in OF_CONTENTS}
    if place.scope in WITH_BOUNDS:
        return found | formulas.bounds_of_people(place)
    return {name: value for name, value in found.items() if name not in OF_WHOM}


def _sampled(place: Place) -> tuple[str, ...]:
    reach, target = (len(people) > EXACT_TO for people in (place.tally.persons, place.tally.targeted))
    return OF_REACH * reach + OF_TARGET * target


def _kpi(name: str) -> str:
    return name.removesuffix("_lower").removesuffix("_upper")


def _named(place: Place, name: str, value: Value, currency: str) -> Iterator[tuple[Key, float]]:
    family, labels = f"kpi_{place.scope}_{name}", place.labels
    if name in WITHOUT_WINDOW:
        labels = {label: text for label, text in labels.items() if label != "window"}
    if isinstance(value, dict):
        for label, count in value.items():
            yield key(family, **labels, **{LABELS[name]: label}), count
    else:
        yield key(family, **labels, **({"currency": currency} if _kpi(name) in MONEY else {})), value


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
    ignored = {
        key("kpi_pipeline_ignored_fields_total", topic=t, field=f): n for (t, f), n in ledger.ignored.items()
    }
    least: Series = {**outcomes, **letters, **late, **leaves, **ignored, **_texts(ledger)}
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


def _texts(ledger: Ledger) -> Series:
    """Count the texts that must be rated: each once, and none is left out for want of time."""
    read = [event for event in ledger.events if event.read]
    untold = sum(event.sentiment is None for event in read)
    return {
        key("kpi_pipeline_read_texts_total"): len(read),
        key("kpi_pipeline_unrated_texts_total", reason="untold"): untold,
    }
