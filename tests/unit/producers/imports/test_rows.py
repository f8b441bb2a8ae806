"""Rows of figures become totals; what is no event is named by column and rule."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.events.parsing import Refusal, read_event
from producers.imports.columns import UnfitFile, lay_out
from producers.imports.event_ids import event_id
from producers.imports.import_map import ImportMap
from producers.imports.map_file import read_map
from producers.imports.rows import LeftOut, Made
from tests.unit.producers.imports.building import NOON, events, own_map, problems, read

LEAF = {"campaign_id": "glow", "influencer_id": "ana", "content_id": "reel-1", "channel": "instagram"}
TOTALS = """
    source: mine
    campaign: glow
    influencer: ana
    content: {column: Link, part: last_path_part}
    channel: instagram
    figures:
      are: running_totals
      columns:
        - {column: Views, type: impression}
        - {column: Likes, type: engagement, kind: like}
"""
PER_DAY = TOTALS.replace("running_totals", "per_day") + "    time: {column: Day, zone: Europe/Paris}\n"


def test_a_running_total_is_that_of_the_time_of_the_export(tmp_path: Path) -> None:
    found = events(own_map(tmp_path, TOTALS), 'Link,Views,Likes\nhttps://x.example/p/reel-1/?a=b,"1,200",7\n')
    said = {**LEAF, "event_time": "2026-11-28T12:00:00Z", "source": "mine"}
    assert found == [
        {"type": "impression", **said, "total": 1200},
        {"type": "engagement", "kind": "like", **said, "total": 7},
    ]


def test_a_days_figures_are_a_total_whose_source_names_the_day(tmp_path: Path) -> None:
    content = "Link,Day,Views,Likes\nreel-1,2026-11-27,5,\nreel-1,2026-11-28,6,\n"
    found = events(own_map(tmp_path, PER_DAY), content, None)
    assert [(one["source"], one["event_time"], one["total"]) for one in found] == [
        ("mine:2026-11-27", "2026-11-26T23:00:00Z", 5),
        ("mine:2026-11-28", "2026-11-27T23:00:00Z", 6),
    ]


def test_nothing_reported_is_no_event_and_zero_is_one(tmp_path: Path) -> None:
    found = events(own_map(tmp_path, TOTALS), "Link,Views,Likes\nreel-1,,0\n")
    assert [(one["type"], one["total"]) for one in found] == [("engagement", 0)]


def test_a_cell_that_is_no_count_costs_only_itself(tmp_path: Path) -> None:
    found = read(own_map(tmp_path, TOTALS), "Link,Views,Likes\nreel-1,12%,7\n")
    assert [isinstance(one, Made) for one in found] == [False, True]
    assert problems(own_map(tmp_path, TOTALS), "Link,Views,Likes\nreel-1,12%,7\n") == [
        ("Views", "12% is a percentage, which cannot be counted")
    ]


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        ("a b,1,2", "Link", "a b is no content_id"),
        (f"{'x' * 65},1,2", "Link", "is no content_id"),
        ("http://[,1,2", "Link", "is no address"),
        ("reel-1,1", "", "has 2 cells, where the header has 3: is it torn?"),
        ("reel-1,1,2,3", "", "has 4 cells, where the header has 3"),
        ('reel-1,"1"2,3', "", "after a closing quote comes something else than ','"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path: Path, row: str, column: str, rule: str) -> None:
    [(at, said)] = problems(own_map(tmp_path, TOTALS), f"Link,Views,Likes\n{row}\n")
    assert at == column
    assert rule in said


def test_empty_cells_beyond_the_header_are_no_fault(tmp_path: Path) -> None:
    assert len(events(own_map(tmp_path, TOTALS), "Link,Views,Likes\nreel-1,1,2,,\n")) == 2


def test_a_parameter_of_an_address_may_be_the_content(tmp_path: Path) -> None:
    found = own_map(tmp_path, TOTALS.replace("part: last_path_part", "parameter: v"))
    [one, _] = events(found, "Link,Views,Likes\nhttps://y.example/watch?t=3&v=dQw4w9WgXcQ,1,2\n")
    assert one["content_id"] == "dQw4w9WgXcQ"


def test_contents_are_named_as_the_map_lists_them_and_others_refused_or_left_out(tmp_path: Path) -> None:
    listed = TOTALS + "    contents: {DAb: reel-1}\n"
    content = "Link,Views,Likes\nhttps://x.example/p/DAb/,1,2\nhttps://x.example/p/other/,3,4\n"
    assert problems(own_map(tmp_path, listed), content) == [
        ("Link", "other is not listed in the map's contents")
    ]

    found = read(own_map(tmp_path, listed + "    other_contents: leave_out\n"), content)

    assert [one.event["content_id"] for one in found if isinstance(one, Made)] == ["reel-1", "reel-1"]
    assert found[2:] == [LeftOut("other")]


def test_a_content_that_is_left_out_needs_no_known_influencer(tmp_path: Path) -> None:
    whose = TOTALS.replace("influencer: ana", "influencer: {column: Who}\n    influencers: {ana.x: ana}")
    found = own_map(tmp_path, whose + "    contents: {DAb: reel-1}\n    other_contents: leave_out\n")
    assert read(found, "Who,Link,Views,Likes\nzoe,other,1,2\n") == [LeftOut("other")]
    assert problems(found, "Who,Link,Views,Likes\nzoe,DAb,1,2\n") == [
        ("Who", "zoe is not listed in the map's influencers")
    ]


def test_rows_are_filtered_by_what_a_column_says(tmp_path: Path) -> None:
    content = "Link,Views,Likes\nTotal,9,9\nreel-1,1,2\n"
    assert len(events(own_map(tmp_path, TOTALS + "    skip: {Nowhere: x}\n"), content)) == 4
    for one in ("skip: {Link: [Total, Sum]}", "only: {Link: reel-1}"):
        found = read(own_map(tmp_path, f"{TOTALS}    {one}\n"), content)
        assert [isinstance(each, LeftOut) for each in found] == [True, False, False]


def test_columns_that_are_missing_or_twice_are_all_named(tmp_path: Path) -> None:
    found = own_map(tmp_path, TOTALS)
    with pytest.raises(UnfitFile, match=r"no column Link; did you mean Links\?"):
        lay_out(found, ["Links", "Views"])
    with pytest.raises(UnfitFile, match=r"column Views stands there more than once \(1, 3\)"):
        lay_out(found, ["Views", "Link", "Views"])
    with pytest.raises(UnfitFile, match="no column of figures: Views, Likes"):
        lay_out(found, ["Link"])
    assert lay_out(found, ["Link", "Views", "Unused", "Unused"]).absent == {"Likes": ""}
    assert lay_out(found, ["Link", "Views", "likes"]).absent == {"Likes": "; did you mean likes?"}


def test_the_id_of_an_event_is_made_of_what_it_says() -> None:
    event = {"type": "click", **LEAF, "total": 5, "event_time": "2026-11-28T12:00:00Z", "source": "mine"}
    leaf, rest = '"glow","ana","reel-1","instagram",null', "null,null,null,null"
    said = f'[{leaf},"click",null,"mine","2026-11-28T12:00:00Z",5,{rest}]'
    assert event_id(event) == hashlib.sha256(said.encode()).hexdigest()[:32]
    assert event_id(dict(reversed(event.items()))) == event_id(event)
    for name in event:
        changed = {**event, name: 6 if name == "total" else "other"}
        assert event_id(changed) != event_id(event), name


SEEN = {
    "instagram": (
        "Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,Permalink,"
        "Post type,Data comment,Date,Views,Reach,Likes,Shares,Follows,Comments,Saves\n"
        '1,2,ana,Ana,"Two, words",32,09/15/2026 18:00,https://www.instagram.com/reel/DAb/,IG reel,,Lifetime,'
        '"15,000",9800,410,120,14,20,55\n'
        "1,2,ana,Ana,x,32,09/15/2026 18:00,https://www.instagram.com/reel/DAb/,IG reel,,11/20/2026,"
        "9,9,9,9,9,9,9\n",
        ("DAb", "reel"),
        {"impression": 15_000, "like": 410, "share": 120, "follow": 14, "comment": 20, "save": 55},
    ),
    "tiktok": (
        "Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views,"
        "Average watch time\n"
        '"Party, white",https://www.tiktok.com/@ana/video/7412345678901234567?lang=en,2026-08-02 19:05:00,'
        '1.2K,48,31,"18,400",11.5\n',
        ("7412345678901234567", "video"),
        {"impression": 18_400, "video_view": 18_400, "like": 1200, "comment": 48, "share": 31},
    ),
    "youtube": (
        "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,Likes,"
        "Comments added,Shares,Impressions,Impressions click-through rate (%)\n"
        "Total,,,,2100,10.5,1,60,7,3,90000,4.8\n"
        'dQw4w9WgXcQ,My short,"Sep 20, 2026",45,100,0.5,1,10,2,1,7000,5.4\n',
        ("dQw4w9WgXcQ", "video"),
        {"impression": 7000, "video_view": 100, "like": 10, "comment": 2, "share": 1},
    ),
    "metricool": (
        "Id,URL,image,title,date,Views (organic),Reach (Organic),Likes (Organic),Saved (Organic),"
        "Comments (Organic),Shares (Organic),Interactions (Organic),Engagement (Organic)\n"
        "17,https://www.instagram.com/reel/DAb/,https://i.example/x.jpg,A title,2026-09-08 18:00,"
        "3200,2900,120,9,5,8,142,4.9\n",
        ("DAb", "other"),
        {"impression": 3200, "like": 120, "save": 9, "comment": 5, "share": 8},
    ),
}


@pytest.mark.parametrize("name", sorted(SEEN))
def test_the_built_in_maps_read_exports_of_the_form_that_others_have_seen(name: str) -> None:
    content, (content_id, form), counts = SEEN[name]
    made = [one.event for one in read(read_map(name).map, content) if isinstance(one, Made)]
    assert {one.get("kind", one["type"]): one["total"] for one in made} == counts
    assert {(one["content_id"], one["format"]) for one in made} == {(content_id, form)}


CELL = st.one_of(
    st.integers(0, 10**12).map(str),
    st.text(st.characters(exclude_characters='\0\r\n",', exclude_categories=["Cs"]), max_size=30),
)
MAP = ImportMap.model_validate(
    {
        "source": "mine",
        "campaign": {"column": "Campaign"},
        "influencer": {"column": "Who"},
        "content": {"column": "Link", "part": "last_path_part"},
        "channel": "instagram",
        "figures": {"are": "running_totals", "columns": [{"column": "Views", "type": "impression"}]},
    }
)


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), max_size=5))
def test_whatever_cells_say_a_row_gives_a_valid_event_or_a_reason(rows: list[tuple[str, ...]]) -> None:
    """A cell that the leaf needs and that is empty is left to the model, which names the field."""
    content = "Campaign,Who,Link,Views\n" + "".join(",".join(row) + "\n" for row in rows)
    for made in read(MAP, content, NOON):
        if isinstance(made, Made):
            event: dict[str, Any] = made.event
            judged = read_event("impression", json.dumps(event).encode())
            assert not isinstance(judged, Refusal) or judged.reason == "missing_field", event
