"""How much a page holds: what is left out beyond the budget of series, and who is at the cap of leaves."""

from collections import Counter
from dataclasses import replace

from prometheus_client.core import Metric

from exporters.series_budget import DROPPABLE
from models.readings.pipeline import Pipeline
from models.scopes import LABELS
from tests.unit.exporters.worked import CATALOGUED, pipeline_of, shown, worked_pipeline
from tests.unit.models.building import Feed, campaign, new_state, registry

ABOUT_A_CAMPAIGN = {
    f"kpi_campaign_{name}"
    for name in ("info", "budget", "budget_spent_ratio", "pacing_ratio", "threshold", "min_sample")
}
COUNTERS = {
    f"kpi_campaign_{name}"
    for name in (
        "lifetime_impressions", "lifetime_clicks", "lifetime_interactions", "lifetime_conversions",
        "lifetime_cancellations", "invalid_traffic",
    )
}  # fmt: skip


NOTHING = dict.fromkeys(DROPPABLE, 0)


def dropped(families: dict[str, Metric]) -> dict[str, float]:
    """Return the series left out of a scrape, by scope."""
    return {
        sample.labels["scope"]: sample.value for sample in families["kpi_pipeline_series_dropped"].samples
    }


def kpi_series(families: dict[str, Metric]) -> Counter[str]:
    """Count the KPI series of a scrape by scope."""
    return Counter(
        {
            scope: sum(
                len(family.samples)
                for name, family in families.items()
                if CATALOGUED.get(name, [""])[0] == scope
            )
            for scope in LABELS
        }
    )


def two_contents() -> Pipeline:
    """Return one campaign, influencer and channel with a busy content and a quiet one."""
    known = registry(campaign())
    state = new_state(known)
    feed = Feed(state)
    feed.send("impression", content_id="busy", count=1000)
    feed.send("impression", content_id="quiet", count=999)
    return pipeline_of(state, known)


def test_within_the_budget_no_series_is_left_out() -> None:
    everything = two_contents()
    count = kpi_series(shown(everything)).total()

    assert dropped(shown(replace(everything, max_series=count))) == NOTHING


def test_one_series_too_many_leaves_out_the_quiet_content_whole() -> None:
    everything = two_contents()
    before = kpi_series(shown(everything))

    families = shown(replace(everything, max_series=before.total() - 1))

    after = kpi_series(families)
    contents = {sample.labels["content"] for sample in families["kpi_content_impressions"].samples}
    assert contents == {"busy"}
    assert after == before - Counter(content=before["content"] // 2)
    assert dropped(families) == NOTHING | {"content": before["content"] // 2}


def test_without_any_budget_campaigns_stay_with_all_that_is_told_of_them() -> None:
    everything = replace(worked_pipeline(), max_series=0)
    before, families = shown(worked_pipeline()), shown(everything)

    gone = {name for name in before if name.startswith(tuple(f"kpi_{scope}_" for scope in NOTHING))}
    assert families.keys() == before.keys() - gone
    assert dropped(families) == {scope: kpi_series(before)[scope] for scope in NOTHING}
    assert set(NOTHING) == set(LABELS) - {"campaign"}


def test_while_no_campaign_is_shown_no_series_is_left_out() -> None:
    assert dropped(shown(pipeline_of(None))) == NOTHING


def test_a_campaign_at_its_cap_of_leaves_says_so_and_others_do_not() -> None:
    known = registry(campaign(), campaign(id="snow", name="Snow"))
    state = new_state(known, max_leaves=1)
    feed = Feed(state)
    for content, campaign_id in (("reel-1", "glow"), ("reel-2", "glow"), ("reel-1", "snow")):
        feed.send("impression", content_id=content, campaign_id=campaign_id)

    (capped,) = shown(pipeline_of(state, known))["kpi_pipeline_leaves_capped"].samples

    assert (capped.labels, capped.value) == ({"campaign": "glow"}, 1)


def test_while_no_campaign_is_at_its_cap_none_is_named() -> None:
    assert "kpi_pipeline_leaves_capped" not in shown(worked_pipeline())
