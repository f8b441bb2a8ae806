"""The one collector: nothing is kept between scrapes."""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from exporters.campaign_metrics import collect_campaigns
from exporters.kpi_page import KpiPage
from exporters.pipeline_metrics import collect_pipeline
from models.readings.pipeline import Pipeline
from models.readings.subject import Subject, subject_of


class Overtaken(Exception):
    """Campaigns went to another worker while their page was made: both would show them."""


class KpiCollector(Collector):
    """Compute every family at scrape time, from what `read` tells; `clock` gives microseconds.

    Of campaigns whose shard is not live here nothing is given but the pipeline's families: a half-recovered
    KPI would show a dip that never was.
    """

    def __init__(self, read: Callable[[], Pipeline], clock: Callable[[], int], version: str) -> None:
        self._read = read
        self._clock = clock
        self._version = version

    def collect(self) -> Iterator[Metric]:
        """Return all families that have samples."""
        yield from filter(None, self.steps())

    def steps(self) -> Iterator[Metric | None]:
        """Return them one by one, and None where others may have their turn.

        All numbers of campaigns are of the moment of the first step; but where the budget of series leaves
        keys out, the least active of those that stay may be read some steps later.

        Raises:
            Overtaken: what was read is no longer this worker's; never where nobody else has had a turn.

        """
        pipeline, now = self._read(), self._clock()
        subjects = _subjects(pipeline, now)
        page = KpiPage(subjects, pipeline.max_series)
        for _ in page.steps():
            yield None
        families: list[Metric] = [*page.families]
        for family in collect_campaigns(page.campaigns, pipeline, now):
            if family is None:
                yield None
            else:
                families.append(family)
        families += collect_pipeline(pipeline, page.dropped, self._version)
        yield from (family for family in families if family.samples)
        after = self._read()
        if any(after.states.of(one.campaign.id) is not one.state for one in subjects):
            raise Overtaken

    def describe(self) -> Iterable[Metric]:
        """Describe nothing, so that registering does not collect."""
        return []


def _subjects(pipeline: Pipeline, now: int) -> list[Subject]:
    """Prepare to read the campaigns that are shown."""
    known = pipeline.registry
    return [
        subject_of(state, campaign, known, now)
        for campaign in known.campaigns.values()
        if (state := pipeline.states.of(campaign.id)) is not None and known.shows(campaign.id, now)
    ]
