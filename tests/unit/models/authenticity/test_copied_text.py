"""Copied texts: the same words of several persons within a day."""

import pytest

from models.times import DAY, HOUR
from tests.unit.models.authenticity.acts import Act, verdicts_of

TEXT = "this cream changed my skin"


def comment(who: str | None, says: str = TEXT, at: int = 0, **fields: object) -> Act:
    return Act(who=who, does="comment", says=says, at=at, **fields)  # type: ignore[arg-type]  # of Act


def test_a_text_is_copied_from_the_third_person_on() -> None:
    found = verdicts_of(comment(who) for who in ("ana", "ben", "cleo", "dan"))

    assert found == [None, None, "copied_text", "copied_text"]


def test_one_who_repeats_themselves_copies_nobody() -> None:
    assert set(verdicts_of(comment(who) for who in ("ana", "ben", "ana", "ana", "ben"))) == {None}


def test_once_it_is_copied_the_first_ones_are_copies_too() -> None:
    assert verdicts_of(comment(who) for who in ("ana", "ben", "cleo", "ana"))[3] == "copied_text"


def test_three_words_are_too_few_to_be_copied() -> None:
    assert set(verdicts_of(comment(who, "so good ana") for who in "abcde")) == {None}
    assert "copied_text" in verdicts_of(comment(who, "so so good ana") for who in "abcde")


def test_mentions_tags_links_case_and_signs_tell_no_texts_apart() -> None:
    same = [
        comment("ana", "This cream changed my skin!!! 😍"),
        comment("ben", "@lea this CREAM changed my skin #ad"),
        comment("cleo", "this cream… changed my skin https://x.example/1"),
    ]

    assert verdicts_of(same)[2] == "copied_text"


@pytest.mark.parametrize(
    "text",
    ["Good luck everyone, thank you so much", "Je participe avec plaisir @lea", "¡Gracias por el sorteo!"],
)
def test_what_everybody_writes_in_a_giveaway_is_no_copy(text: str) -> None:
    assert set(verdicts_of(comment(who, text) for who in "abcde")) == {None}


def test_a_day_later_a_text_is_new() -> None:
    acts = [comment("ana"), comment("ben"), comment("cleo", at=DAY)]

    assert set(verdicts_of(acts)) == {None}
    assert verdicts_of([*acts[:2], comment("cleo", at=DAY - 1)])[2] == "copied_text"


def test_one_without_a_person_is_judged_by_the_persons_known_and_is_none_of_them() -> None:
    assert set(verdicts_of([comment("ana"), comment("ben"), comment(None), comment(None)])) == {None}
    assert verdicts_of([*map(comment, "abc"), comment(None)])[3] == "copied_text"


def test_what_comes_late_is_held_against_those_of_a_day_around_it() -> None:
    acts = [comment("ana", at=5 * HOUR), comment("ben", at=6 * HOUR), comment("cleo", at=HOUR)]

    assert verdicts_of(acts)[2] == "copied_text"


def test_of_many_persons_the_last_are_remembered() -> None:
    assert (
        verdicts_of(comment(f"p{number}", at=number) for number in range(30))
        == [None] * 2 + ["copied_text"] * 28
    )


def test_what_comes_late_puts_nobody_out_who_came_later() -> None:
    eight = [comment("p0", at=DAY + 10), *(comment(f"p{number}", at=DAY + number) for number in range(1, 8))]
    after = [comment("ben", at=2 * DAY + 9), comment("cleo", at=2 * DAY + 9)]

    # Of the eight p0 alone is within a day: with ben and cleo that makes three.
    assert verdicts_of([*eight, *after])[-2:] == [None, "copied_text"]
    assert verdicts_of([*eight, comment("ana", at=HOUR), *after])[-2:] == [None, "copied_text"]


def test_a_campaign_may_set_persons_words_and_phrases() -> None:
    assert verdicts_of([*map(comment, "abcd")], copied_text={"persons": 4}) == [None] * 3 + ["copied_text"]
    assert set(verdicts_of([*map(comment, "abcd")], copied_text={"words": 6})) == {None}
    assert set(verdicts_of([*map(comment, "abcd")], copied_text="off")) == {None}
