"""YAML 1.2 becomes plain data by its core schema; what is no YAML is told with its place."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaigns.yaml_data import Position, YamlError, read_yaml

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(DATA, st.booleans())
def test_json_is_yaml(data: object, indented: bool) -> None:
    assert read_yaml(json.dumps(data, indent=2 if indented else None)).data == data


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("tRue", "tRue"),
        ("~", None),
        ("Null", None),
        ("none", "none"),
        ("012", 12),
        ("0o14", 12),
        ("0xC", 12),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("+12", 12),
        ("1:30", "1:30"),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1e", "1e"),
        ("-.inf", -math.inf),
        ("٣", "٣"),
        ("2026-11-01", "2026-11-01"),
        ("2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("|\n  12", "12"),
        ("<<", "<<"),
    ],
)
def test_a_word_is_what_the_core_schema_says(word: str, value: object) -> None:
    found = read_yaml(f"- {word}").data[0]

    assert (type(found), found) == (type(value), value)


def test_not_a_number_is_one_for_yaml() -> None:
    assert math.isnan(read_yaml(".nan").data)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: &x [1]\nb: *x\n", {"a": [1], "b": [1]}),
        ("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}\n", {"a": {"p": 1, "q": 2}, "b": {"q": 3, "p": 1}}),
        ("[&x {p: 1}, &y {p: 2, q: 2}, {<<: [*x, *y]}]", [{"p": 1}, {"p": 2, "q": 2}, {"p": 1, "q": 2}]),
        ("[&x {p: 1, q: 1}, &y {<<: *x, p: 2}, {<<: *y}]",
         [{"p": 1, "q": 1}, {"p": 2, "q": 1}, {"p": 2, "q": 1}]),
        ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
        ("'<<': 1\n", {"<<": 1}),
        ("12: a\nNO: b\n", {"12": "a", "NO": "b"}),
    ],
)  # fmt: skip
def test_aliases_repeat_and_merges_fill_in(text: str, data: object) -> None:
    document = read_yaml(text)

    assert (document.data, document.mistakes) == (data, [])


def test_positions_are_those_of_values_and_of_keys() -> None:
    document = read_yaml("a:\n  - b: 1\n    c: {d: x}\n")

    assert document.values["a", 0, "c", "d"] == Position(3, 12)
    assert document.keys["a", 0, "c", "d"] == Position(3, 9)
    assert document.position_of(("a", 0, "gone", "deeper")) == Position(2, 5)


@pytest.mark.parametrize(
    ("text", "place", "rule"),
    [
        ("a:\n\t- 1\n", (2, 1), "a tab indents here"),
        ("a: 1\n---\nb: 2\n", (2, 1), "a second document begins here"),
        ("a: b\n  \x00c", (2, 3), "a character that YAML does not take"),
        ("a: 1\nb: 'x\n", (2, 4), "end of stream"),
        ("a: 1\nb: [x\n", (2, 4), "stream end"),
        ("a: *x\n", (1, 4), "undefined alias"),
        ("a: &x [*x]\n", (1, 4), "inside of what it repeats"),
        ("a: &x {<<: *x}\n", (1, 4), "inside of what it repeats"),
        ("[" * 200, (1, 101), "nests deeper than 100 levels"),
        ("%YAML 1.3\n---\na: 1\n", (1, 1), "a version of YAML that is not read here"),
        ("# old\n%YAML 1.0\n---\na: 1\n", (2, 1), "a version of YAML that is not read here"),
        ("%YAML 2.0\n---\na: 1\n", (1, 1), "incompatible"),
        ("a: 1\nb: x\u2028y\n", (2, 5), "a line separator that editors hide (U+2028)"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_place(text: str, place: tuple[int, int], rule: str) -> None:
    with pytest.raises(YamlError) as caught:
        read_yaml(text)

    assert caught.value.position == place
    assert rule in caught.value.rule


@pytest.mark.parametrize(
    ("text", "path", "place"),
    [
        ("a: 1\na: 2\n", ("a",), (2, 1)),
        ("? [x]\n: 1\n", (), (1, 3)),
        ("a: {<<: 3}\n", ("a", "<<"), (1, 9)),
        ("a: !!set {x}\n", ("a",), (1, 4)),
        ("a: !!int 'x'\n", ("a",), (1, 4)),
        ("a: !!timestamp 2026-11-01\n", ("a",), (1, 4)),
        ("a: &x {p: 1}\nb:\n  <<: *x\n  <<: *x\n", ("b", "<<"), (4, 3)),
        ('a: "\\udc00"\n', ("a",), (1, 4)),
    ],
)
def test_what_yaml_allows_but_means_nothing_here_is_a_mistake(
    text: str, path: tuple[str, ...], place: tuple[int, int]
) -> None:
    (mistake,) = read_yaml(text).mistakes

    assert (mistake.path, mistake.position) == (path, place)


def test_aliases_of_aliases_do_not_grow_without_bound() -> None:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 20)}]" for n in range(1, 9)]

    with pytest.raises(YamlError, match="more than"):
        read_yaml("\n".join(lines))


def test_merged_mappings_do_not_grow_without_bound() -> None:
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 20)}]}}" for n in range(1, 9)]

    with pytest.raises(YamlError, match="more than"):
        read_yaml("\n".join(lines))


def test_what_was_written_is_kept_beside_what_it_means() -> None:
    document = read_yaml("a: 0042\nb: [2026.10, 'x']\n")

    assert document.data == {"a": 42, "b": [2026.1, "x"]}
    assert document.written == {("a",): "0042", ("b", 0): "2026.10", ("b", 1): "x"}


def test_of_a_merged_key_and_an_own_one_the_own_ones_place_counts() -> None:
    document = read_yaml("a: &x {p: {q: 1}}\nb:\n  <<: *x\n  p: 2\n")

    assert document.values["b", "p"] == Position(4, 6)
    assert ("b", "p", "q") not in document.values


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("a: Summer #glow\n", [(("a",), "what follows is a comment: #glow; ")]),
        ("a: #glow\n", [(("a",), "what follows is a comment: #glow; ")]),
        ("a: Summer # glow\n", []),
        ("a: 'Summer' #glow\n", []),
        ("a: Summer#glow\n", []),
    ],
)
def test_text_that_a_comment_swallows_is_warned_of(text: str, warned: list[tuple[object, str]]) -> None:
    found = [
        (warning.path, warning.rule[: len("what follows is a comment: #glow; ")])
        for warning in read_yaml(text).warnings
    ]

    assert found == warned
