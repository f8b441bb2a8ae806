"""What the YAML files beside this one say is what the code does; none is skipped, no key goes unread."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError
from ruamel.yaml.constructor import DuplicateKeyError

from models.campaigns.registry import Registry
from models.core.records import records_of
from models.events.batch import Batch
from models.events.parsing import Reason, Refusal, parse_event
from models.events.schema import LEAF_FIELDS, Adjustment, Placed
from models.kpis import catalogue
from models.kpis.figures import Figures
from models.kpis.kpi import Kpi
from models.readings import reading
from models.scopes import ALL_SCOPES, BOUNDED_SCOPES, Leaf, ScopeKey
from models.state.shard_state import ShardState
from models.topics import INPUT_TOPICS
from models.windows import FLIGHT, WindowName
from tests.golden.counting import counted
from tests.golden.loading import Always, KpiCase, RecordCase, RecordFile, files, read
from tests.unit.models.building import KEY

KPI_CASES = {path.stem: KpiCase.model_validate(read(path)) for path in files("kpis")}
RECORD_FILES = [(path, RecordFile.model_validate(read(path))) for path in files("refusals")]
RECORDS = [
    pytest.param(file, record, id=f"{path.stem}: {record.proves}")
    for path, file in RECORD_FILES
    for record in file.records
]

Shown = dict[tuple[ScopeKey, WindowName], Figures]


@pytest.mark.parametrize(("file", "record"), RECORDS)
def test_a_record_is_what_its_file_says(file: RecordFile, record: RecordCase) -> None:
    event_type = INPUT_TOPICS[record.topic]
    registry = Registry(
        currency_rates=file.currency_rates, campaigns={campaign.id: campaign for campaign in file.campaigns}
    )
    value = record.value({"type": event_type, **file.usual.get("all", {}), **file.usual.get(event_type, {})})
    state = ShardState(registry, key=KEY, assume_consent=False, duplicate_ids=10, max_leaves=10)

    records = records_of([value], [0], [record.arrival or file.arrival])
    refused = state.apply(Batch(record.topic, 0, records)).refused

    became = {name: number for name, number in state.outcomes(record.topic).items() if number}
    leaves = [leaf for campaign in file.campaigns for leaf in state.leaves_of(campaign.id)]
    if record.refused is not None:
        reason, field = record.refused.reason, record.refused.field
        assert [(why.reason, why.message.split(":")[0]) for _, why in refused] == [(reason, field)]
        assert became == {"outcome:refused": 1, f"refused:{reason}": 1}
        assert leaves == []
    else:
        event = parse_event(event_type, value)
        assert not isinstance(event, Refusal), event
        orders = [key.id for delta in [state.cut()] if delta for key in delta.orders]
        shown = {name: orders[0] if name == "order" else getattr(event, name) for name in record.event or {}}
        assert shown == record.event
        ignored = {f"ignored:{name}": 1 for name in record.ignored}
        assert (refused, became) == ([], {"outcome:counted": 1, **ignored})
        assert leaves == ([] if isinstance(event, Adjustment) else [_leaf(event)])


def _leaf(event: Placed) -> Leaf:
    return Leaf(*(getattr(event, name) for name in LEAF_FIELDS))


@pytest.mark.parametrize("case", KPI_CASES.values(), ids=KPI_CASES)
def test_the_kpis_are_what_their_file_says(case: KpiCase) -> None:
    state = counted(case)

    assert sum(state.outcomes(topic).get("late", 0) for topic in INPUT_TOPICS) == case.late
    shown = _shown(case, state)
    for place, windows in case.expect.items():
        scope = _scope(case, place)
        if windows == "not shown":
            assert scope not in {known for known, _ in shown}, place
        else:
            assert _found(shown, scope, windows) == _plain(windows), place


def _shown(case: KpiCase, state: ShardState) -> Shown:
    return {
        (one.scope, one.window): one.figures
        for campaign in case.campaigns
        for one in reading.read_campaign(state, campaign, state.registry, case.now)
    }


def _scope(case: KpiCase, place: str) -> ScopeKey:
    """Read `campaign`, `influencer ana`, `content ana/reel-1` or `channel tiktok`, of the first campaign."""
    name, _, ids = place.partition(" ")
    (found,) = (kind for kind in ALL_SCOPES if kind == name)
    return ScopeKey(found, (case.campaigns[0].id, *(ids.split("/") if ids else [])))


def _found(shown: Shown, scope: ScopeKey, windows: Any) -> dict[str, dict[str, Any]]:
    return {
        window: {name: _value(_figures(shown, scope, window), name, scope) for name in expected}
        for window, expected in windows.items()
    }


def _figures(shown: Shown, scope: ScopeKey, window: WindowName | Always) -> Figures:
    return shown[scope, FLIGHT if window == "always" else window]


def _value(figures: Figures, name: str, scope: ScopeKey) -> Any:
    plain, _, side = name.rpartition("_")
    if side not in ("lower", "upper"):
        return _kpi(name, scope).compute(figures)
    kpi = _kpi(plain, scope)
    assert kpi.bounds and scope.name in BOUNDED_SCOPES, f"{name} has no bounds for a {scope.name}"
    value = kpi.compute(figures)
    if isinstance(value, Mapping):
        return {part: getattr(kpi.bounds.compute(figures, count), side) for part, count in value.items()}
    return getattr(kpi.bounds.compute(figures, value), side)


def _kpi(name: str, scope: ScopeKey) -> Kpi:
    kpi = catalogue.kpi(name)
    assert scope.name in kpi.scopes, f"{name} is not shown for a {scope.name}"
    return kpi


def _plain(windows: Any) -> dict[str, dict[str, Any]]:
    return {
        window: {
            name: None if value == "absent" else pytest.approx(value, rel=1e-9, abs=1e-12)
            for name, value in expected.items()
        }
        for window, expected in windows.items()
    }


def test_every_kpi_has_a_case_that_expects_a_figure_of_it() -> None:
    proven = {
        name
        for case in KPI_CASES.values()
        for windows in case.expect.values()
        if windows != "not shown"
        for expected in windows.values()
        for name, value in expected.items()
        if value not in ("absent", 0)
    }
    bounds = {f"{kpi.id}_{side}" for kpi in catalogue.KPIS if kpi.bounds for side in ("lower", "upper")}

    assert {kpi.id for kpi in catalogue.KPIS} | bounds == proven


def test_every_reason_has_a_record_that_is_refused_for_it() -> None:
    proven = {record.refused.reason for _, file in RECORD_FILES for record in file.records if record.refused}

    assert proven == set(get_args(Reason))


def test_no_two_cases_prove_the_same() -> None:
    claims = [case.proves for case in KPI_CASES.values()]
    claims += [record.proves for _, file in RECORD_FILES for record in file.records]

    assert sorted(claims) == sorted(set(claims))


@pytest.mark.parametrize(
    "text", ["surprise: 1", "events: [{click: {}, arival: 2026-11-01T00:00:00Z}]", "events: [{clik: {}}]"]
)
def test_an_unknown_key_is_an_error(text: str, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(f"proves: x\nnow: 2026-11-01T00:00:00Z\nexpect: {{}}\n{text}\n")

    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        KpiCase.model_validate(read(file))


def test_a_key_given_twice_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text("proves: x\nproves: y\n")

    with pytest.raises(DuplicateKeyError):
        read(file)
