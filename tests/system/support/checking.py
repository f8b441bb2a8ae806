"""One whole comparison: a worker's page against the oracle, at the moment of the scrape."""

import time
from collections.abc import Iterable, Mapping

from tests.system.support import certainty, comparing, naming, oracle, verdicts
from tests.system.support.ledger import Ledger, edgy
from tests.system.support.naming import Key, Series
from tests.system.support.oracle import Truth
from tests.system.support.places import SCOPES
from tests.system.support.product import Deployment

KPIS = tuple(f"kpi_{scope}_" for scope in SCOPES)
OPEN = {"kpi_campaign_invalid_traffic_total": "reason", "kpi_pipeline_read_texts_total": "model"}
"""Families and their label whose values the contract leaves open."""


def microseconds_now() -> int:
    """Return the time as the oracle counts it."""
    return time.time_ns() // 1000


def merged(series: Series) -> Series:
    """Add up what the contract leaves open: reasons of invalid traffic, names of models."""
    for family, label in OPEN.items():
        series = comparing.summed(series, family, label)
    return series


def expected(ledger: Ledger, begin: int, end: int) -> tuple[dict[Key, comparing.Interval], Truth]:
    """Return what every series may be between two moments, and the truth at the later one.

    Raises:
        AssertionError: a window's edge is so near to an event that the truth is not known.

    """
    near = edgy(ledger, begin, end)
    assert not near, f"events are at the edge of {near} at the scrape: the test took too long on this machine"
    early, late = oracle.truth(ledger, begin), oracle.truth(ledger, end)
    both = comparing.between(merged(early.series), merged(late.series))
    both = comparing.widened(both, early.sampled | late.sampled)
    return both | comparing.between(*oracle.pipeline(ledger)), late


def disagreements(deployment: Deployment, ledger: Ledger) -> list[str]:
    """Scrape once and say where the page is wrong."""
    begin = microseconds_now()
    shown = deployment.scrape()
    wanted, truth = expected(ledger, begin, microseconds_now())
    return judged(shown, wanted, truth) + unfounded(shown, ledger, truth)


def unfounded(shown: Series, ledger: Ledger, truth: Truth) -> list[str]:
    """Say where a whole page is surer than its own numbers allow, less sure, or judges other than they do."""
    missing = [f"{naming.describe(key)} is absent" for key in truth.due - shown.keys()]
    return [*sorted(missing), *certainty.problems(shown), *verdicts.undue(shown, ledger.document)]


def judged(shown: Series, wanted: Mapping[Key, comparing.Interval], truth: Truth) -> list[str]:
    """Say where a page is wrong, by what was expected when it was read."""
    wrong = comparing.differences(wanted, merged(shown)) + comparing.claimed(truth, shown)
    return wrong + comparing.disordered(shown) + comparing.badly_sampled(truth, shown)


def union(pages: Iterable[Series]) -> tuple[Series, list[str]]:
    """Join the pages of several workers, and name the KPI series that more than one of them shows.

    What is of the pipeline adds up over workers; a KPI is shown by one of them alone.
    """
    result: Series = {}
    twice = []
    for page in pages:
        for key, value in page.items():
            if key[0].startswith(KPIS):
                if key in result:
                    twice.append(f"{naming.describe(key)} is shown by more than one worker")
                result[key] = value
            else:
                result[key] = result.get(key, 0.0) + value
    return result, twice
