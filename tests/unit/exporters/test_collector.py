"""Every series of the page: its name, its labels, its value, and that it is there once."""

from collections.abc import Callable, Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from prometheus_client.core import Metric
from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from exporters.collector import KpiCollector
from exporters.exposition import negotiate
from models.kinds import CONVERSIONS, INTERACTIONS, names
from models.kpis.catalogue import KPIS
from models.metrics.kpi_metrics import (
    ALWAYS_SIDES,
    SIDES,
    Side,
    always_sides_of,
    label_names,
    metric_name,
    sides_of,
)
from models.readings.pipeline import Pipeline
from models.readings.points import Point, points
from models.state.shard_state import ShardState
from models.windows import WINDOWS_OF
from tests.unit.exporters.worked import CATALOGUED, pipeline_of, shown, worked_pipeline
from tests.unit.models.building import NOON, Feed, campaign, new_state, readings, registry

OPENMETRICS = "application/openmetrics-text;version=1.0.0"
ABOUT_A_CAMPAIGN = {
    f"kpi_campaign_{name}"
    for name in (
        "info",
        "budget",
        "budget_spent_ratio",
        "pacing_ratio",
        "threshold",
        "min_sample",
        "liked_limit",
        "verdict",
        "concern_verdict",
    )
}
COUNTERS = {
    f"kpi_campaign_{name}"
    for name in (
        "lifetime_impressions", "lifetime_clicks", "lifetime_interactions", "lifetime_conversions",
        "lifetime_cancellations", "invalid_traffic",
    )
}  # fmt: skip


def page(pipeline: Pipeline, accept: str) -> str:
    encode, _ = negotiate(accept)
    return b"".join(encode(KpiCollector(lambda: pipeline, lambda: NOON, "1.2.3"))).decode()


def test_every_kpi_family_is_in_the_catalogue_and_each_of_the_catalogue_is_shown() -> None:
    families = {name for name in shown(worked_pipeline()) if not name.startswith("kpi_pipeline_")}

    assert families == set(CATALOGUED) | ABOUT_A_CAMPAIGN | COUNTERS


def test_every_sample_has_exactly_its_labels_and_a_window_of_its_scope() -> None:
    families = shown(worked_pipeline())
    for name, (scope, kpi) in CATALOGUED.items():
        for sample in families[name].samples:
            assert set(sample.labels) == set(label_names(scope, kpi))
            assert ("window" in sample.labels) is kpi.windowed
            assert sample.labels.get("window", "flight") in WINDOWS_OF[scope]


def test_no_series_is_given_twice() -> None:
    samples = [
        (sample.name, tuple(sorted(sample.labels.items())))
        for family in shown(worked_pipeline()).values()
        for sample in family.samples
    ]

    assert len(set(samples)) == len(samples)


def test_every_sample_is_a_finite_number() -> None:
    for family in shown(worked_pipeline()).values():
        for sample in family.samples:
            assert abs(sample.value) < float("inf"), sample


def test_without_events_counts_are_0_and_ratios_absent() -> None:
    families = shown(pipeline_of(new_state(registry(campaign())), registry(campaign())))

    assert {sample.value for sample in families["kpi_campaign_interactions"].samples} == {0}
    assert {sample.value for sample in families["kpi_campaign_reach_persons"].samples} == {0}
    for absent in ("ctr_ratio", "engagement_ratio", "cpa", "cpm", "roi_ratio", "invested", "frequency_ratio"):
        assert f"kpi_campaign_{absent}" not in families
        assert f"kpi_campaign_{absent}_lower" not in families
    for undeclared in ("target_reach_persons", "target_coverage_ratio", "values_alignment_ratio"):
        assert f"kpi_campaign_{undeclared}" not in families
    assert {sample.value for sample in families["kpi_campaign_conversions_lower"].samples} == {0}


def test_lifetime_counters_begin_at_0_for_every_kind() -> None:
    """Prometheus sees no increase in a counter that comes into being with a count."""
    families = shown(pipeline_of(new_state(registry(campaign())), registry(campaign())))

    for name, kinds in (("interactions", names(INTERACTIONS)), ("conversions", names(CONVERSIONS))):
        samples = families[f"kpi_campaign_lifetime_{name}"].samples
        assert {sample.labels["kind"]: sample.value for sample in samples} == dict.fromkeys(kinds, 0)


def test_lifetime_counters_never_fall_though_totals_do() -> None:
    state = new_state(registry(campaign()))
    feed = Feed(state)
    before: dict[str, float] = {}
    for number in (100, 40, 90, 0, 1):
        feed.send("impression", total=number)
        feed.send("click", total=number)
        feed.send("engagement", kind="save", total=number)
        families = shown(pipeline_of(state, registry(campaign())))
        now = {
            f"{name}-{sample.labels.get('kind')}": sample.value
            for name in ("impressions", "clicks", "interactions")
            for sample in families[f"kpi_campaign_lifetime_{name}"].samples
        }
        assert all(value >= before.get(name, 0) for name, value in now.items())
        before = now

    assert {name: value for name, value in before.items() if value} == {
        "impressions-None": 151, "clicks-None": 151, "interactions-click": 151, "interactions-save": 151
    }  # fmt: skip
    flight = [s for s in families["kpi_campaign_impressions"].samples if s.labels["window"] == "flight"]
    assert [sample.value for sample in flight] == [1]


def test_values_alignment_is_shown_without_events_and_once_for_all_windows() -> None:
    values = {"weights": {"craft": 1}, "scored_on": "2026-10-20", "scores": {"ben": {"craft": 80}}}
    known = registry(campaign(values=values))

    families = shown(pipeline_of(new_state(known), known))

    (of_campaign,) = families["kpi_campaign_values_alignment_ratio"].samples
    (of_ben,) = families["kpi_influencer_values_alignment_ratio"].samples
    assert (of_campaign.labels, of_campaign.value) == ({"campaign": "glow"}, 0.8)
    assert (of_ben.labels, of_ben.value) == ({"campaign": "glow", "influencer": "ben"}, 0.8)


def test_without_conversions_only_the_lower_bound_of_cpa_is_shown() -> None:
    spend = {"spend": 3000, "from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z"}
    known = registry(campaign(costs=[{"influencer": "ana", **spend}]))

    families = shown(pipeline_of(new_state(known), known))

    lower = {s.labels["window"]: s.value for s in families["kpi_campaign_cpa_lower"].samples}
    assert lower["24h"] == pytest.approx(100 / (1.75 * 3.688879454))
    assert not families.keys() & {"kpi_campaign_cpa", "kpi_campaign_cpa_upper"}


def test_the_gauges_are_what_the_formulas_say() -> None:
    pipeline = worked_pipeline()
    state = pipeline.states.of("glow")
    assert isinstance(state, ShardState)
    families = shown(pipeline)
    for (scope, window), reading in readings(state).items():
        for kpi in KPIS:
            if scope.name in kpi.scopes and kpi.label is None:
                if not kpi.windowed and window != "flight":
                    continue
                for side in (None, *sides_of(scope.name, kpi), *always_sides_of(scope.name, kpi)):
                    values = samples_at(families.get(metric_name(scope.name, kpi, side)), scope.ids, window)
                    (point,) = points(kpi, reading)
                    expected = of_side(point, side)
                    assert values == ([] if expected is None else [expected])


def of_side(point: Point, side: Side | None) -> float | None:
    ends = dict(zip((*SIDES, *ALWAYS_SIDES), (*point.bounds, *point.always), strict=True))
    return point.value if side is None else ends[side]


def samples_at(family: Metric | None, ids: tuple[str, ...], window: str) -> list[float]:
    return [
        sample.value
        for sample in (family.samples if family else ())
        if set(ids) <= set(sample.labels.values()) and sample.labels.get("window", window) == window
    ]


HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
PARSERS: list[tuple[str, Callable[[str], Iterable[Metric]]]] = [
    ("text/plain", text_string_to_metric_families),
    (OPENMETRICS, openmetrics.text_string_to_metric_families),
]


@settings(deadline=None)
@given(name=HOSTILE, owner=HOSTILE)
@example(name='a "quoted" \\ back\\n and \\" end\\', owner="line\nbreak")
@example(name='Été 🌞 #1 {a="b"} 1.0 # EOF', owner="\r\t\x00\x85\u2028")
def test_hostile_labels_survive_the_clients_own_parsers(name: str, owner: str) -> None:
    known = registry(campaign(name=name, owner=owner))
    pipeline = pipeline_of(new_state(known), known)
    for accept, parse in PARSERS:
        # All that is read of the name and the owner; the client's parsers are slow.
        lines = [line for line in page(pipeline, accept).split("\n") if _of_info(line)]
        (family,) = parse("\n".join([*lines, ""]))

        (info,) = family.samples
        assert (info.labels["name"], info.labels["owner"]) == (name, owner), accept


def _of_info(line: str) -> bool:
    return line.startswith(
        ("# EOF", "# HELP kpi_campaign_info ", "# TYPE kpi_campaign_info ", "kpi_campaign_info{")
    )


@pytest.mark.parametrize(("accept", "parse"), PARSERS)
def test_the_whole_page_parses_and_says_what_was_collected(
    accept: str, parse: Callable[[str], Iterable[Metric]]
) -> None:
    pipeline = worked_pipeline()
    parsed = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in parse(page(pipeline, accept))
        for sample in family.samples
    }

    for family in shown(pipeline).values():
        for sample in family.samples:
            assert parsed.pop((sample.name, tuple(sorted(sample.labels.items())))) == sample.value
    assert not parsed
