"""`kpis import` judges a whole file before it sends anything, and says what it would send."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from commands.importing import Judge, Tally
from commands.main import main
from models.campaigns.registry import Registry
from models.times import DAY
from producers.imports.columns import lay_out
from producers.imports.import_map import ImportMap, Time, Value
from producers.imports.rows import RowReader
from producers.imports.table import Row
from producers.imports.times import Placed
from tests.unit.models.building import NOON, campaign, registry

HEADER = ("Who", "Link", "Views", "Likes")
MAP = ImportMap.model_validate(
    {
        "source": "mine",
        "campaign": "glow",
        "influencer": {"column": "Who"},
        "content": {"column": "Link"},
        "channel": "instagram",
        "figures": {
            "are": "running_totals",
            "columns": [
                {"column": "Views", "type": "impression"},
                {"column": "Likes", "type": "engagement", "kind": "like"},
            ],
        },
    }
)
ANA = Value(always="ana")
AS_OF = ("--as-of", "2026-11-20T09:00:00Z")
INSTAGRAM = "Account username,Permalink,Post type,Views,Likes\n"


def judged(
    *rows: tuple[str, ...], known: Registry | None = None, at: int = NOON, by: ImportMap = MAP
) -> tuple[list[Any], Tally]:
    """Judge rows, the first of which is line 2; return the events and the tally."""
    tally = Tally("f.csv", most=50)
    judge = Judge(RowReader(by, lay_out(by, HEADER), Placed(at, "")), known, tally)
    values = [value for line, cells in enumerate(rows, 2) for value in judge.judge(Row(line, cells), NOON)]
    return [json.loads(value) for value in values], tally


def kpis(tmp_path: Path, content: str | bytes, *options: str) -> Result:
    path = tmp_path / "posts.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    env = {"KPIS_REDIS_URL": "redis://127.0.0.1:1/0", "KPIS_KAFKA": "127.0.0.1:1"}
    return CliRunner().invoke(main, ["import", str(path), *options], env=env)


def test_what_takes_the_campaigns_is_said_once_a_row_with_the_column_that_says_it() -> None:
    rows = [("ana", "reel-1", "5", "6"), ("zoe", "reel-1", "5", "6")]
    events, tally = judged(*rows, known=registry(campaign(influencers=["ana"])))
    assert [one["total"] for one in events] == [5, 6]
    assert tally.refusals == [
        "f.csv:3: Who: unknown_influencer: influencer_id: is not among the campaign's influencers"
    ]
    assert len(judged(*rows)[0]) == 4


def test_a_total_of_the_future_or_outside_the_flight_is_refused() -> None:
    for at, reason in ((NOON + DAY, "future"), (NOON - 300 * DAY, "outside_flight")):
        events, tally = judged(("ana", "reel-1", "5", ""), known=registry(campaign()), at=at)
        assert events == []
        assert reason in tally.refusals[0]


def test_what_the_map_itself_says_wrong_is_about_the_row() -> None:
    _, tally = judged(("ana", "reel-1", "5", "6"), known=registry(campaign(id="snow")))
    assert tally.refusals == ["f.csv:2: unknown_campaign: campaign_id: no such campaign is registered"]


def test_a_needed_cell_that_is_empty_is_named_by_column_and_field() -> None:
    _, tally = judged(("", "", "5", "6"), ("ana", "", "5", ""))
    assert tally.refusals == [
        "f.csv:2: Who, Link: missing_field: influencer_id, content_id: required",
        "f.csv:3: Link: missing_field: content_id: required",
    ]


def test_a_time_that_workers_would_refuse_is_named_by_its_column() -> None:
    timed = MAP.model_copy(
        update={"time": Time.model_validate({"column": "Who", "zone": "UTC"}), "influencer": ANA}
    )
    _, tally = judged(("2027-11-28", "reel-1", "5", "6"), by=timed)
    assert [line.rpartition(": ")[0] for line in tally.refusals] == ["f.csv:2: Who: future: event_time"]


def test_the_same_row_again_is_no_second_event_and_another_total_is_refused() -> None:
    row = ("ana", "reel-1", "5", "")
    events, tally = judged(row, row, ("ana", "reel-1", "6", ""), ("ben", "reel-1", "6", ""))
    assert [one["total"] for one in events] == [5, 6]
    assert (tally.repeated, tally.refused_rows) == (1, 1)
    assert tally.refusals == [
        "f.csv:4: Views: line 2 has another total for the same content at the same time"
    ]


def test_rows_that_differ_in_the_case_of_a_channel_are_about_the_same() -> None:
    by = MAP.model_copy(update={"channel": Value.model_validate({"column": "Who"}), "influencer": ANA})
    events, tally = judged(("instagram", "reel-1", "5", ""), ("Instagram", "reel-1", "6", ""), by=by)
    assert [one["total"] for one in events] == [5]
    assert "line 2 has another total" in tally.refusals[0]


def test_the_same_row_is_refused_each_time() -> None:
    row = ("zoe", "reel-1", "5", "6")
    events, tally = judged(row, row, known=registry(campaign(influencers=["ana"])))
    assert events == []
    assert (tally.refused_rows, tally.repeated) == (2, 0)


def test_totals_of_one_content_at_several_times_are_several() -> None:
    by = MAP.model_copy(
        update={"time": Time.model_validate({"column": "Who", "zone": "UTC"}), "influencer": ANA}
    )
    rows = [("2026-11-01", "reel-1", "5", ""), ("2026-11-02", "reel-1", "9", "")]
    events, tally = judged(*rows, by=by)
    assert [one["total"] for one in events] == [5, 9]
    assert tally.refusals == []


def test_the_same_file_gives_the_same_ids() -> None:
    rows = [("ana", f"reel-{number}", str(number), "1") for number in range(20)]
    first, again = judged(*rows)[0], judged(*rows)[0]
    assert first == again
    assert len({one["event_id"] for one in first}) == 40


def test_a_dry_run_shows_the_first_rows_as_events_and_needs_no_kafka(tmp_path: Path) -> None:
    rows = "".join(f"ana,https://x.example/p/r{number}/,IG reel,{number},\n" for number in range(9))
    done = kpis(tmp_path, INSTAGRAM + rows, "--map", "instagram", "--campaign", "glow", *AS_OF, "--dry-run")
    assert done.exit_code == 0
    shown = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["content_id"] for one in shown] == ["r0", "r1", "r2"]
    assert "9 rows: 9 events, 0 rows refused" in done.stderr
    assert "9 events would be sent: impressions 9\n" in done.stderr
    assert "not judged: campaign, influencer, flight, currency. Redis at 127.0.0.1:1 " in done.stderr
    assert "note: " in done.stderr
    assert "has no column Shares: nothing is imported of it" in done.stderr


def test_where_a_row_is_refused_nothing_is_sent_and_no_kafka_asked_for(tmp_path: Path) -> None:
    content = INSTAGRAM + "ana,https://x.example/p/r1/,IG reel,5,\nana,https://x.example/p/r2/,IG reel,5%,\n"
    done = kpis(tmp_path, content, "--map", "instagram", "--campaign", "glow", *AS_OF)
    assert done.exit_code == 1
    assert "posts.csv:3: Views: 5% is a percentage" in done.stderr
    assert "nothing was sent" in done.stderr
    asked = kpis(tmp_path, content, "--map", "instagram", "--campaign", "glow", *AS_OF, "--partly")
    assert asked.exit_code == 1
    assert "No Kafka broker answers" in asked.stderr


def test_contents_that_the_map_leaves_out_are_named(tmp_path: Path) -> None:
    own = tmp_path / "glow.yaml"
    own.write_text("based_on: instagram\ncampaign: glow\ncontents: {r1: reel-1}\nother_contents: leave_out\n")
    content = INSTAGRAM + "ana,https://x.example/p/r1/,IG reel,5,\nana,https://x.example/p/r2/,IG reel,5,\n"
    done = kpis(tmp_path, content, "--map", str(own), *AS_OF, "--dry-run")
    assert done.exit_code == 0
    assert "not in the map's contents, left out: r2" in done.stderr
    assert "2 rows: 1 events, 0 rows refused, 1 left out" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--map", "instagram", *AS_OF), "says no campaign: put campaign: ID"),
        (("--map", "tiktok", "--campaign", "glow", *AS_OF), "or --influencer ID"),
        (("--map", "instagram", "--campaign", "a b", *AS_OF), "command line must be 1 to 64 of"),
        (("--map", "instagram", "--campaign", "glow"), "Give --as-of, the time of the export"),
        (("--map", "instagram", "--campaign", "glow", "--as-of", "today"), "--as-of: today is no time"),
        (("--map", "instagram", "--campaign", "glow", "--as-of", "2026-11-28"), "names no time zone"),
        (("--map", "instagran", *AS_OF), "did you mean instagram"),
        (
            ("--map", "youtube", "--campaign", "glow", "--influencer", "ana", *AS_OF),
            "There is no column Content or Video",
        ),
        ((), "Missing option '--map'"),
    ],
)
def test_wrong_use_is_said_in_a_sentence(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    done = kpis(tmp_path, "Account username,Permalink,Post type,Views\n", *options)
    assert done.exit_code == 2
    assert said in done.stderr


def test_the_time_of_the_export_may_be_in_the_zone_of_the_map(tmp_path: Path) -> None:
    own = tmp_path / "glow.yaml"
    own.write_text("based_on: instagram\ncampaign: glow\ntime: {zone: Europe/Paris}\n")
    content = INSTAGRAM + "ana,https://x.example/p/r1/,IG reel,5,\n"
    for given, expected in (
        ("2026-11-20 09:00", "2026-11-20T08:00:00Z"),
        ("2026-11-20", "2026-11-19T23:00:00Z"),
    ):
        done = kpis(tmp_path, content, "--map", str(own), "--as-of", given, "--dry-run")
        assert json.loads(done.stdout)["event_time"] == expected


def test_a_file_that_cannot_be_read_to_its_end_sends_nothing(tmp_path: Path) -> None:
    torn = INSTAGRAM.encode() + b"ana,https://x.example/p/r1/,IG reel,5,\nana,\xff,IG reel,5,\n"
    done = kpis(tmp_path, torn, "--map", "instagram", "--campaign", "glow", *AS_OF)
    assert done.exit_code == 2
    assert "posts.csv:3: is not text in utf-8" in done.stderr
    assert "Nothing was sent" in done.stderr


def test_the_built_in_maps_are_listed_without_a_file() -> None:
    done = CliRunner().invoke(main, ["import", "--maps"])
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        "MAP", "instagram", "metricool", "tiktok", "youtube",
    ]  # fmt: skip


def test_help_teaches_with_an_example() -> None:
    said = CliRunner().invoke(main, ["import", "--help"]).stdout
    assert "kpis import posts.csv --map instagram --campaign summer-glow \\\n" in said
    assert "\\b" not in said
    assert "Exit codes" in said
