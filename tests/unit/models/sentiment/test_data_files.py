"""Data files that a person got wrong: every message names the file and what to look for."""

import pytest

from models.sentiment.data_files import DataError
from models.sentiment.model import LexiconRater
from tests.unit.models.sentiment.building import small_data


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("says: a\nentries: {en: {2: [good]}}", "a.yaml:2:"),
        ("says: a\nentries: {english: {2: good}}", "a.yaml:2:"),
        ("says: a\nentries: {en: {good: 2}}", "a.yaml:2:"),
        ("says: a\nentrys: {}", "a.yaml:2:1: entrys: no such field"),
        ("entries: {}", "a.yaml:1:1: says: required"),
        ("says: a\nrole: strong", "a.yaml:2:"),
        ("says: a\nentries: {en: {2: good}", "a.yaml:2:"),
        ("says: a\nsays: b", "a.yaml:2:1: says: stands here a second time"),
        ("says: a\nentries: {en: {2: goo(d}}", "a.yaml: en: 'goo(d': a bracket stays open"),
        ("says: a\nentries: {en: {2: a+}}", "a.yaml: en: 'a+': texts are read without +"),
        ("says: a\nentries: {en: {2: good?}}", "a.yaml: en: 'good?': texts are read without ?"),
        ("says: a\nentries: {en: {2: a@b}}", "a.yaml: en: 'a@b': texts are read without @"),
        ("says: a\nentries: {en: {2: my @aunt}}", "there is no group @aunt; there are @person, @pet"),
        ("says: a\nentries: {fr: {2: my @pet}}", "there is no group @pet; there are none"),
        ("says: a\nentries: {en: {2: '* good'}}", "a.yaml: en: * good: '* good' begins with no word"),
        ("says: a\nentries: {en: {2: '-'}}", "a.yaml: en: -: '-' begins with no word"),
        ("says: a\nentries: {en: {2: good, -2: good}}", "a.yaml: en: good: 'good' has strength -2 here"),
    ],
)
def test_a_mistake_is_named(content: str, message: str) -> None:
    with pytest.raises(DataError) as raised:
        LexiconRater(small_data(a=content))

    assert message in str(raised.value)


def test_two_files_that_contradict_each_other_are_both_named() -> None:
    data = small_data(
        a="{says: a, entries: {en: {2: sick(er)}}}",
        b="{says: b, role: contrast, entries: {en: {0.3: sick}}}",
    )

    with pytest.raises(DataError) as raised:
        LexiconRater(data)

    assert str(raised.value) == (
        "b.yaml: en: sick: 'sick' has contrast 0.3 here, and strength 2 in a.yaml (sick(er))"
    )


def test_every_contradiction_is_named() -> None:
    data = small_data(
        a="{says: a, entries: {en: {2: 'sick, ill'}}}", b="{says: b, entries: {en: {-2: 'ill, sick'}}}"
    )

    with pytest.raises(DataError) as raised:
        LexiconRater(data)

    assert [line.split("'")[1] for line in str(raised.value).splitlines()] == ["ill", "sick"]


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("the best cake", (("best", 3.0),)),
        ("the really best cake", (("best", 6.0),)),
        ("the cake is really", (("really", 1.0),)),
        ("really the really", (("really", 1.0), ("really", 1.0))),
    ],
)
def test_of_two_strengths_the_stronger_holds_and_a_degree_may_have_one_too(
    text: str, because: tuple[tuple[str, float], ...]
) -> None:
    rater = LexiconRater(
        small_data(
            a="{says: a, entries: {en: {2: 'good, best', 1: really}}}",
            b="{says: b, entries: {en: {3: best}}}",
            c="{says: c, role: degree, reaches: 1, entries: {en: {2: really}}}",
        )
    )

    assert rater.rate(text, "en").because == because


def test_a_negation_may_have_a_strength_for_where_it_changes_nothing() -> None:
    rater = LexiconRater(
        small_data(
            a="{says: a, entries: {en: {2: good, -1: not even}}}",
            b="{says: b, role: negation, reaches: 2, entries: {en: {-0.5: not even}}}",
        )
    )

    assert rater.rate("not even good", "en").because == (("good", -1.0),)
    assert rater.rate("not even", "en").because == (("not even", -1.0),)


def test_a_negation_that_changes_nothing_may_have_a_strength_by_its_file() -> None:
    rater = LexiconRater(
        small_data(
            a="{says: a, entries: {en: {2: good, 0.5: natural}}}",
            b="{says: b, role: negation, reaches: 2, alone: -0.4, entries: {en: {-0.5: not}}}",
        )
    )

    assert rater.rate("not good", "en").because == (("good", -1.0),)
    assert rater.rate("not the cake", "en").because == (("not", -0.4),)
    assert rater.rate("not natural", "en").because == (("not", -0.4), ("natural", 0.5))


def test_what_only_hints_gives_way() -> None:
    rater = LexiconRater(
        small_data(
            a="{says: a, entries: {en: {0.4: 'good, but, fine', -0.4: 'so'}}}",
            b="{says: b, entries: {en: {-2: good, 0: fine}}}",
            c="{says: c, role: contrast, entries: {en: {0.3: but}}}",
        )
    )

    assert rater.rate("fine. good but so", "en").because == (("good", -0.6), ("so", -0.4))


def test_what_is_bad_and_irony_is_irony() -> None:
    rater = LexiconRater(
        small_data(
            a="{says: a, entries: {en: {2: good, -3: no way}}}",
            b="{says: b, role: irony, entries: {en: {-2: no way}}}",
        )
    )

    assert rater.rate("good good good no way", "en").because == (("no way", -2.0),)


def test_a_word_of_one_language_wins_over_the_same_for_all() -> None:
    rater = LexiconRater(
        small_data(
            a="{says: a, entries: {any: {2: top}, en: {0: top}}}",
        )
    )

    assert rater.rate("top", "fr").verdict == "positive"
    assert rater.rate("top", "en").verdict == "neutral"
