"""Which campaigns are on the page, and what of the pipeline is while they are not."""

from dataclasses import replace

import pytest

from models.campaigns.registry import Unreadable
from models.times import DAY, SECOND
from tests.unit.exporters.worked import pipeline_of, shown, worked_pipeline
from tests.unit.models.building import Feed, campaign, new_state, registry


def test_while_the_state_is_not_whole_no_campaign_is_shown_and_the_pipeline_is() -> None:
    families = shown(pipeline_of(None))

    assert all(name.startswith("kpi_pipeline_") for name in families)
    assert {"kpi_pipeline_consumer_lag_records", "kpi_pipeline_freshness_seconds"} <= families.keys()
    states = {s.labels["state"]: s.value for s in families["kpi_pipeline_partitions"].samples}
    assert states == {"live": 0, "recovering": 1}


def test_before_anything_is_restored_no_event_counter_is_shown() -> None:
    """A counter that comes back lower is read as a restart from 0, and its rate is then wrong."""
    families = shown(pipeline_of(None, restored=False))

    assert not {name for name in families if name.endswith(("_events", "_letters"))}
    assert "kpi_pipeline_registry_loaded_timestamp_seconds" not in families
    assert {"kpi_pipeline_build_info", "kpi_pipeline_partitions"} <= families.keys()


def test_what_judging_remembers_and_has_forgotten_is_shown() -> None:
    known = registry(campaign())
    state = new_state(known, judge_bytes=2000)
    feed = Feed(state)
    for number in range(20):
        feed.send("engagement", person_id=f"p{number}", consent=True)
    state.cut()

    families = shown(pipeline_of(state, known))

    (taken,) = families["kpi_pipeline_authenticity_bytes"].samples
    forgotten = {s.labels["table"]: s.value for s in families["kpi_pipeline_authenticity_evicted"].samples}
    assert taken.value == state.judge.octets() > 0
    assert forgotten["paces"] > 0 == forgotten["copies"]


def test_while_it_catches_up_the_event_counters_go_on() -> None:
    assert "kpi_pipeline_events" in shown(pipeline_of(None))


@pytest.mark.parametrize(("after", "is_shown"), [(8 * DAY - SECOND, True), (8 * DAY, False)])
def test_a_campaign_leaves_a_day_after_its_grace(after: int, is_shown: bool) -> None:
    known = registry(campaign(grace="7d"))
    state = new_state(known)
    Feed(state).send("impression")

    families = shown(pipeline_of(state, known), known.campaigns["glow"].ends + after)

    labelled = {
        name
        for name, family in families.items()
        if not name.startswith("kpi_pipeline_")
        for sample in family.samples
        if sample.labels["campaign"] == "glow"
    }
    assert bool(labelled) is is_shown


@pytest.mark.parametrize(
    ("days", "status"), [(-1, "scheduled"), (1, "running"), (31, "grace"), (36, "ended")]
)
def test_info_tells_where_in_its_life_a_campaign_is(days: int, status: str) -> None:
    known = registry(campaign(grace="6d"))
    families = shown(pipeline_of(new_state(known), known), known.campaigns["glow"].starts + days * DAY)

    (sample,) = families["kpi_campaign_info"].samples
    assert (sample.labels["status"], sample.labels["owner"], sample.value) == (status, "", 1)


def test_a_second_campaign_has_its_own_series() -> None:
    known = registry(campaign(), campaign(id="snow", name="Snow", currency="USD"))
    state = new_state(known)
    feed = Feed(state)
    feed.send("impression")
    feed.send("impression", count=5, campaign_id="snow")
    families = shown(pipeline_of(state, known))

    totals = {s.labels["campaign"]: s.value for s in families["kpi_campaign_lifetime_impressions"].samples}
    assert totals == {"glow": 1, "snow": 5}
    assert {s.labels["currency"] for s in families["kpi_campaign_emv"].samples} == {"EUR", "USD"}


def test_invalid_traffic_of_campaigns_that_left_is_not_shown() -> None:
    pipeline = worked_pipeline()
    gone = replace(pipeline, registry=registry(campaign(id="snow", name="Snow")))

    assert "kpi_campaign_invalid_traffic" in shown(pipeline)
    assert "kpi_campaign_invalid_traffic" not in shown(gone)


def test_a_campaign_of_which_only_what_counting_needs_can_be_read_is_named_and_not_shown() -> None:
    pipeline = worked_pipeline()
    problem = Unreadable("campaigns", "glow", "goals", "Extra inputs are not permitted")
    known = pipeline.registry.model_copy(update={"hidden": frozenset({"glow"}), "unreadable": (problem,)})

    families = shown(replace(pipeline, registry=known))

    assert {name for name in families if not name.startswith("kpi_pipeline_")} == set()
    (named,) = families["kpi_pipeline_registry_unreadable"].samples
    assert (named.labels, named.value) == ({"entry": "campaigns.glow"}, 1)
    assert "kpi_pipeline_registry_unreadable" not in shown(pipeline)
