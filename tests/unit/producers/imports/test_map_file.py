"""Maps: the built-in ones are valid, others may be based on them; mistakes are named where they are."""

from pathlib import Path
from textwrap import dedent

import pytest

from producers.imports.map_file import MapError, all_maps, names, read_map

LEAST = """\
source: mine
figures:
  are: running_totals
  columns: [{column: Views, type: impression}]
"""


def mistakes(tmp_path: Path, text: str) -> str:
    path = tmp_path / "my-map.yaml"
    path.write_text(dedent(text))
    with pytest.raises(MapError) as raised:
        read_map(str(path))
    return str(raised.value).replace(f"{tmp_path}/", "")


def test_four_maps_are_built_in_and_say_where_and_when_their_columns_were_read() -> None:
    assert names() == ["instagram", "metricool", "tiktok", "youtube"]
    for name, found in all_maps():
        assert found.read_from is not None, name
        assert found.read_from.where, name
        assert found.about, name
        assert found.source == name


def test_the_least_that_a_map_says_is_a_source_and_a_column(tmp_path: Path) -> None:
    path = tmp_path / "least.yml"
    path.write_text(LEAST)
    assert read_map(str(path)).map.source == "mine"


def test_a_map_of_ones_own_says_only_what_is_other_than_the_one_it_is_based_on(tmp_path: Path) -> None:
    path = tmp_path / "glow.yaml"
    path.write_text(
        "based_on: instagram\ncampaign: glow\nformats: {IG live: live}\ncontents: {DAb: reel-1}\n"
    )
    found, base = read_map(str(path)).map, read_map("instagram").map
    assert found.campaign is not None
    assert found.campaign.always == "glow"
    assert found.contents == {"DAb": "reel-1"}
    assert found.formats == {**base.formats, "IG live": "live"}
    assert (found.source, found.figures, found.only) == (base.source, base.figures, base.only)


def test_its_own_columns_replace_those_that_it_is_based_on(tmp_path: Path) -> None:
    path = tmp_path / "glow.yaml"
    path.write_text("based_on: instagram\n" + LEAST)
    figures = read_map(str(path)).map.figures
    assert figures is not None
    assert [metric.column for metric in figures.columns] == [("Views",)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LEAST + "contnets: {}", "my-map.yaml:5:1: contnets: no such field; did you mean contents"),
        (
            LEAST + "based_on: instragram",
            "my-map.yaml:5:11: based_on: must be one of the built-in maps",
        ),
        (LEAST + "time: {zone: Europe/Pari}", "my-map.yaml:5:14: time.zone: must be a time zone that exists"),
        (LEAST + "time: {column: Day}", "must name the zone of the export's times"),
        (LEAST + 'time: {at: "25:00"}', "my-map.yaml:5:12: time.at: must be a time of day"),
        (LEAST + "time: {forms: yyyy}", "time.forms[0]: must name year, month and day"),
        (
            LEAST + "content: {column: Permalink, part: path}",
            "content.part: must be one of text, last_path_part",
        ),
        (LEAST + "content: a post", "my-map.yaml:5:10: content.always: must be 1 to 64 of"),
        (
            LEAST + "content: {always: a, otherwise: b}",
            "content: must have part, parameter and otherwise beside",
        ),
        (
            LEAST + "content: {column: C, part: last_path_part, parameter: v}",
            "content: must have either part or parameter",
        ),
        (LEAST + "content: {part: text}", "my-map.yaml:5:10: content: must be a text that is always meant"),
        (LEAST + "contents: {x: an id}", "my-map.yaml:5:15: contents.x: must be 1 to 64 of"),
        (LEAST + "other_contents: leave_out", "must list contents, if others are to be left out"),
        (
            LEAST + "orders: {order_id: Name}",
            "must have one of figures, orders, refunds; has figures and orders",
        ),
        (LEAST.replace("mine", "m" * 54), "my-map.yaml:1:9: source: must have at most 53 characters"),
        (
            LEAST.replace("impression", "impresion"),
            "figures.columns[0].type: must be one of impression, click",
        ),
        (LEAST.replace("impression", "engagement"), "figures.columns[0]: must have a kind, such as like"),
        (LEAST.replace("impression", "click, kind: like"), "figures.columns[0]: must have no kind"),
        (LEAST.replace("[{", "[{column: Seen, type: impression}, {"), "must have one column for impression"),
        (LEAST.replace("running_totals", "per_day"), "must say where each row's time stands"),
        ("source: x\norders: {order_id: N, revenue: T}", "must have a currency beside revenue"),
        (
            "source: x\norders: {order_id: N, revenue: T, currency: Euro}",
            "my-map.yaml:2:45: orders.currency: must be a code of three capitals",
        ),
        (
            "source: x\nrefunds: {order_id: N, revenue: T, currency: {column: C, otherwise: eur}}",
            "refunds.currency: must be a code of three capitals",
        ),
        ("source: x\norders: {order_id: N, status: S}", "must have status and statuses, or neither"),
        ("source: x\norders: {order_id: N}", "must say where each row's time stands"),
        ("source: x", "must have one of figures, orders, refunds; has none"),
        ("- a list", "my-map.yaml:1:1: must be a mapping"),
        ("", "my-map.yaml:1:1: must be a mapping"),
        ("source: [", "my-map.yaml:1:10: is not YAML"),
        ("source: a\nsource: b", "my-map.yaml:2:1: source: stands here a second time, after line 1"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_field(tmp_path: Path, text: str, said: str) -> None:
    assert said in mistakes(tmp_path, text)


def test_a_map_that_is_not_there_is_named() -> None:
    with pytest.raises(MapError, match="There is no map instagrm; did you mean instagram"):
        read_map("instagrm")
    with pytest.raises(MapError, match=r"no/such\.yaml: cannot be read"):
        read_map("no/such.yaml")
