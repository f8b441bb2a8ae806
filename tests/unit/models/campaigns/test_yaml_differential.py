"""Our reader and libyaml read the same out of random documents: structure, text, folding, tabs."""

import json
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from models.campaigns.yaml_data import Path, YamlError, read_yaml
from tests.unit.models.campaigns.yaml_documents import document

DOCUMENTS_A_SEED = 50


def written(text: str) -> Any:
    """Return a document with each scalar as its text: there YAML 1.1 and 1.2 agree."""
    found = read_yaml(text)
    assert found.mistakes == []

    def as_written(value: Any, path: Path) -> Any:
        if isinstance(value, dict):
            return {key: as_written(inner, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [as_written(inner, (*path, index)) for index, inner in enumerate(value)]
        return found.written[path]

    return as_written(found.data, ())


def by_libyaml(text: str) -> Any:
    # As safe as the safe loader: it constructs lists, mappings and text alone.
    return yaml.load(text, yaml.CBaseLoader)


@given(st.integers(min_value=0))
def test_random_documents_mean_what_libyaml_reads(seed: int) -> None:
    random = Random(seed)
    for _ in range(DOCUMENTS_A_SEED):
        text = document(random)
        assert written(text) == by_libyaml(text), json.dumps(text)


@given(st.integers(min_value=0))
def test_spoiled_documents_are_read_alike_or_refused_with_a_line(seed: int) -> None:
    random = Random(seed)
    for _ in range(DOCUMENTS_A_SEED):
        text = document(random)
        for _ in range(random.randint(1, 3)):
            at = random.randrange(len(text) + 1)
            text = text[:at] + random.choice("\t\n:#-?&*!|>%@`'\"[]{},\0\x07\x85é ") + text[at + 1 :]
        try:
            read_yaml(text)
        except YamlError as error:
            assert 1 <= error.position.line <= text.count("\n") + text.count("\r") + 2
            assert error.rule


@given(st.binary(max_size=200))
def test_any_text_is_read_or_refused(content: bytes) -> None:
    try:
        read_yaml(content.decode("latin-1"))
    except YamlError as error:
        assert error.rule


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a:\tb c\t# comment\n", {"a": "b c"}),
        ("a: b\tc\n", {"a": "b\tc"}),
        ("-\ta\n-\t[b,\tc]\n", ["a", ["b", "c"]]),
        ("a: b\n\t# comment\n\t\nc: d\n", {"a": "b", "c": "d"}),
        ("a: |\t# comment\n  b\n", {"a": "b\n"}),
        ("a:\n  \tb\n", {"a": "b"}),
        ("a: >\n  one\n  two\n\n  three\n    more\n  four\n", {"a": "one two\nthree\n  more\nfour\n"}),
        ("a: >-\n  one\n  two\n\n", {"a": "one two"}),
        ("a: |+\n  one\n\n", {"a": "one\n\n"}),
        ("a: |2\n    one\n", {"a": "  one\n"}),
        ("%YAML 1.1\n---\na: 012\n", {"a": 12}),
        ("? a\n: b\n", {"a": "b"}),
        ("a: !!int '12'\nb: !!str 12\n", {"a": 12, "b": "12"}),
        ("a: =\n", {"a": "="}),
    ],
)
def test_what_libyaml_and_yaml_1_2_do_not_share_is_read_by_1_2(text: str, data: object) -> None:
    assert read_yaml(text).data == data


@pytest.mark.parametrize("text", ["a:\n\t- b\n", "a:\n\tb: c\n", "-\t- a\n", "-\ta: b\n", "\ta: b\n"])
def test_a_tab_does_not_indent(text: str) -> None:
    with pytest.raises(YamlError, match="indent with spaces"):
        read_yaml(text)
