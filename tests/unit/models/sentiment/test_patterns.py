"""How the forms of a word are written."""

import pytest

from models.sentiment.patterns import PatternError, entries, forms

ENDINGS = {"er": ["e", "es", "er"]}


@pytest.mark.parametrize(
    ("entry", "written"),
    [
        ("good", ["good"]),
        ("déçu(e)(s)", ["déçu", "déçus", "déçue", "déçues"]),
        ("bonit(o|a)", ["bonito", "bonita"]),
        ("slow(|er|est)", ["slow", "slower", "slowest"]),
        ("(j)ador~er", ["adore", "adores", "adorer", "jadore", "jadores", "jadorer"]),
        ("(never|not) (ever )again", ["never again", "never ever again", "not again", "not ever again"]),
        ("a (b (c|d)|e)", ["a b c", "a b d", "a e"]),
        ("(| very )good", ["good", "very good"]),
        ("the *", ["the *"]),
        ("a|b", ["a", "b"]),
    ],
)
def test_an_entry_stands_for_its_forms(entry: str, written: list[str]) -> None:
    assert forms(entry, ENDINGS) == written


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ("good(", "a bracket stays open"),
        ("(a|(b)", "a bracket stays open"),
        ("good)", "brackets do not fit"),
        ("~", "~ stands without a name"),
        ("ador~ir", "there is no ending ~ir; there are ~er"),
        ("(a|b|c|d)" * 6, "more than 1,000 forms"),
    ],
)
def test_what_cannot_be_read_is_named(entry: str, rule: str) -> None:
    with pytest.raises(PatternError) as raised:
        forms(entry, ENDINGS)

    assert rule in str(raised.value)
    assert repr(entry) in str(raised.value)


def test_entries_have_commas_between_them() -> None:
    assert list(entries("good,\n very\n good , ,bad,")) == ["good", "very good", "bad"]
