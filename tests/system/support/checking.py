"""One whole comparison: a worker's page against the oracle, at the moment of the scrape."""

import time
from collections.abc import Mapping

from tests.system.support import comparing, oracle
from tests.system.support.document import Document
from tests.system.support.ledger import Ledger, edgy
from tests.system.support.oracle import Key, Series
from tests.system.support.product import Deployment

INVALID = "kpi_campaign_invalid_traffic_total"
CONVERSIONS = "kpi_campaign_lifetime_conversions_total"


def microseconds_now() -> int:
    """Tell the time as the oracle counts it."""
    return time.time_ns() // 1000


def merged(series: Series, contested: bool) -> Series:
    """Add up what the contract leaves open: reasons of invalid traffic, kinds of contested orders."""
    series = comparing.summed(series, INVALID, "reason")
    return comparing.summed(series, CONVERSIONS, "kind") if contested else series


def truth(ledger: Ledger, document: Document, begin: int, end: int) -> dict[Key, comparing.Interval]:
    """Give what every series may be between two moments.

    Raises:
        AssertionError: a window's edge is so near to an event that the truth is not known.

    """
    near = edgy(ledger.counted(), begin, end)
    assert not near, f"events are at the edge of {near} at the scrape: the test took too long on this machine"
    contested = ledger.repeated_reports() > 0
    early, late = (merged(oracle.series(ledger, document, moment), contested) for moment in (begin, end))
    return comparing.between(early, late) | comparing.between(*oracle.pipeline(ledger))


def disagreements(deployment: Deployment, ledger: Ledger, document: Document) -> list[str]:
    """Scrape once and say where the page is wrong."""
    begin = microseconds_now()
    shown = deployment.scrape()
    expected = truth(ledger, document, begin, microseconds_now())
    return comparing.differences(expected, merged(shown, ledger.repeated_reports() > 0))


def never_above(
    scrapes: list[Series], expected: Mapping[Key, comparing.Interval], contested: bool
) -> list[str]:
    """Say which counts were once shown higher than they are in the end."""
    return [wrong for shown in scrapes for wrong in comparing.above(expected, merged(shown, contested))]
