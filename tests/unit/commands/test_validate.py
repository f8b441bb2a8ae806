"""`kpis validate` judges events as a worker would if they arrived now, and says what it did not judge."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from commands.main import main
from commands.validation import LastTotals, RecentIds, Verdicts
from models.campaigns.registry import Registry
from models.events.schema import Click, Event
from models.times import MINUTE
from producers.files import Line
from tests.unit.models.building import NOON, campaign, payload, registry, rfc3339

PAST = {"event_time": "2026-11-10T12:00:00Z"}
CAMPAIGNS = """
campaigns:
  - {id: glow, name: Glow, starts: 2026-11-01T00:00:00Z, ends: 2026-12-01T00:00:00Z, currency: EUR}
"""


def verdicts(known: Registry | None = None, capacity: int = 100) -> Verdicts:
    return Verdicts(known, RecentIds(capacity), LastTotals(capacity))


def reason(given: Verdicts, number: int = 1, **changes: Any) -> str | None:
    event = payload("conversion", **{"event_time": rfc3339(NOON), **changes})
    refusal = given.judge(Line("f", number, json.dumps(event).encode()), None, NOON)
    return refusal.reason if refusal else None


def validate(path: Path, *options: str) -> Result:
    env = {"KPIS_REDIS_URL": "redis://127.0.0.1:1/0"}
    return CliRunner().invoke(main, ["validate", str(path), *options], env=env)


def lines(*events: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


@pytest.mark.parametrize("known", [None, registry(campaign())])
@pytest.mark.parametrize(("ahead", "expected"), [(5 * MINUTE, None), (5 * MINUTE + 1_000_000, "future")])
def test_the_future_is_judged_by_the_clock_with_campaigns_and_without(
    known: Registry | None, ahead: int, expected: str | None
) -> None:
    assert reason(verdicts(known), event_time=rfc3339(NOON + ahead)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"campaign_id": "nobody"}, "unknown_campaign"),
        ({"influencer_id": "zoe"}, "unknown_influencer"),
        ({"event_time": "2020-01-01T00:00:00Z"}, "outside_flight"),
        ({"revenue": 1, "currency": "JPY"}, "unknown_currency"),
    ],
)
def test_what_takes_the_campaigns_is_judged_only_with_them(changes: dict[str, Any], expected: str) -> None:
    assert reason(verdicts(registry(campaign(influencers=["ana"]))), **changes) == expected
    assert reason(verdicts(), **changes) is None


def test_totals_that_would_change_nothing_are_counted_and_the_first_is_named(tmp_path: Path) -> None:
    file = tmp_path / "totals.ndjson"
    other, no_total = {"source": "other"}, {"total": None}
    ages: list[tuple[int, dict[str, Any]]] = [(2, {}), (1, {}), (2, {}), (1, {}), (2, other), (3, {})]
    usual: list[dict[str, Any]] = [
        {"event_id": f"e{n}", "event_time": rfc3339(NOON - age * MINUTE), "total": 9, **more}
        for n, (age, more) in enumerate([*ages, (3, no_total)])
    ]
    file.write_bytes(lines(*(payload("click", **fields) for fields in usual)))

    result = validate(file)

    assert result.exit_code == 0
    assert "7 valid, 0 refused" in result.stderr
    assert "2 with a total older than one before it" in result.stderr
    assert "first in line 3:" in result.stderr


def test_an_event_with_a_count_and_a_total_is_refused_and_the_field_named(tmp_path: Path) -> None:
    file = tmp_path / "both.ndjson"
    file.write_bytes(lines(payload("click", **PAST, count=3, total=9)))

    result = validate(file)

    assert result.exit_code == 1
    assert ":1: invalid_field: total: stands in place of count" in result.stdout


def test_valid_events_that_repeat_an_id_are_counted_and_the_first_is_named() -> None:
    given = verdicts()
    told: list[dict[str, Any]] = [
        {},
        {"campaign_id": "other"},
        {"event_time": "x"},
        {"event_id": "x"},
        {},
        {},
    ]
    for number, changes in enumerate(told, start=1):
        reason(given, number, **changes)
    assert (given.valid, given.repeated, given.first_repeated) == (5, 2, 5)


def test_a_refused_event_is_not_remembered() -> None:
    given = verdicts()
    assert reason(given, event_time="yesterday") == "invalid_field"
    assert reason(given) is None
    assert given.repeated == 0


def test_an_adjustment_may_bear_the_id_of_its_sale() -> None:
    given = verdicts()
    for status in ("confirmed", "cancelled", "refunded", "refunded"):
        reason(given, order_id="o", status=status)
    assert given.repeated == 1


def test_the_memory_of_ids_is_bounded_and_says_when_it_forgot() -> None:
    def event(number: int) -> Event:
        return Click.model_validate(payload("click", event_id=str(number)))

    ids = RecentIds(2)
    assert all(ids.is_new(event(number)) for number in range(4))
    assert not ids.is_new(event(0))
    assert not ids.forgotten
    assert ids.is_new(event(4))
    assert ids.forgotten
    assert ids.is_new(event(0))


def test_what_was_not_judged_is_said_and_what_was_is_not(tmp_path: Path) -> None:
    events, file = tmp_path / "events", tmp_path / "campaigns.yaml"
    events.write_bytes(lines(payload("click", **PAST)))
    file.write_text(CAMPAIGNS)

    done = validate(events)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "1 valid, 0 refused" in done.stderr
    assert "not judged: campaign, influencer, flight, currency (--campaigns FILE or --reg" in done.stderr
    assert "not judged" not in validate(events, "--campaigns", str(file)).stderr


def test_a_future_event_is_refused_by_the_real_clock(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(lines(payload("click", event_time="2998-01-01T00:00:00Z")))
    done = validate(path)
    assert done.exit_code == 1
    assert done.stdout == f"{path}:1: future: event_time: must be at most 5 min after its arrival\n"


def test_what_comes_before_a_tear_is_judged_and_the_exit_code_is_2(tmp_path: Path) -> None:
    path = tmp_path / "torn"
    path.write_bytes(gzip.compress(lines({"type": "click"}, payload("click", **PAST)))[:-8])
    done = validate(path)
    assert done.exit_code == 2
    assert done.stdout.startswith(f"{path}:1: missing_field: ")
    assert "1 valid, 1 refused: missing_field 1" in done.stderr
    assert (
        f"{path}: the archive is torn: it ends before its end mark. What came before line 3 is judged above."
        in done.stderr
    )


def test_of_a_file_that_cannot_be_read_at_all_nothing_is_said_to_be_judged(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    path.write_bytes(b"PAR1")
    done = validate(path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert (
        "is a Parquet file, which this cannot read; export it with one JSON object a line.\n" in done.stderr
    )


def test_most_bounds_what_is_printed_not_what_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(b"x\n" * 5)
    done = validate(path, "--most", "2")
    assert done.stdout.count("\n") == 2
    assert "… and 3 more\n0 valid, 5 refused: not_json 5" in done.stderr


def test_without_redis_registered_is_a_failure_that_names_the_setting(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(b"")
    done = validate(path, "--registered")
    assert done.exit_code == 1
    assert "KPIS_REDIS_URL" in done.stderr


def test_a_campaign_file_and_the_registry_at_once_are_wrong_use(tmp_path: Path) -> None:
    path = tmp_path / "campaigns.yaml"
    path.write_text(CAMPAIGNS)
    assert validate(path, "--registered", "--campaigns", str(path)).exit_code == 2


def test_what_is_ignored_in_valid_events_is_counted_by_field() -> None:
    given = verdicts()

    assert reason(given, source=7, person_id="null") is None
    assert reason(given, source=7, event_time="yesterday") == "invalid_field"

    assert given.ignored == {"source": 1, "person_id": 1}
