"""Lockstep: the same few persons come to many contents within a minute of each other."""

from collections.abc import Sequence

import pytest

from models.times import DAY, MINUTE, SECOND
from tests.unit.models.authenticity.acts import Act, verdicts_of

THREE = ("ana", "ben", "cleo")


def visits(
    persons: Sequence[str], contents: int, apart: int = 10 * SECOND, every: int = DAY, **fields: object
) -> list[Act]:
    """Let persons come to contents one after the other, each a while after the one before."""
    return [
        Act(who, on=f"reel-{content}", at=content * every + place * apart, **fields)  # type: ignore[arg-type]
        for content in range(contents)
        for place, who in enumerate(persons)
    ]


def test_the_third_of_three_is_in_lockstep_from_the_fifth_content_on() -> None:
    found = verdicts_of(visits(THREE, 6))

    assert found[: 5 * 3 - 1] == [None] * 14
    assert found[14:] == ["lockstep", None, None, "lockstep"]


def test_a_pair_is_not_enough_nor_are_four_contents() -> None:
    assert set(verdicts_of(visits(THREE[:2], 8))) == {None}
    assert set(verdicts_of(visits(THREE, 4))) == {None}


@pytest.mark.parametrize(("apart", "expected"), [(30 * SECOND, "lockstep"), (30 * SECOND + 1, None)])
def test_they_come_within_a_minute(apart: int, expected: str | None) -> None:
    assert verdicts_of(visits(THREE, 5, apart))[-1] == expected


def test_what_somebody_does_later_where_they_came_in_lockstep_is_in_lockstep() -> None:
    acts = [*visits(THREE, 5), Act("ana", "comment", at=4 * DAY + 5 * MINUTE, on="reel-4")]

    assert verdicts_of(acts)[-1] == "lockstep"


def test_the_same_content_again_and_again_is_one() -> None:
    acts = [
        Act(who=who, on="reel-1", at=number * DAY + place * SECOND)
        for number in range(9)
        for place, who in enumerate(THREE)
    ]

    assert set(verdicts_of(acts)) == {None}


def test_once_sixteen_have_come_within_a_minute_nobody_is_told() -> None:
    fans = [f"fan-{number}" for number in range(40)]

    last = verdicts_of(visits(fans, 8, SECOND))[-40:]

    assert last == [None] * 2 + ["lockstep"] * 13 + [None] * 25


def test_those_of_a_crowd_who_come_by_themselves_are_found_in_the_end() -> None:
    crowd = [
        Act(who=f"one-{content}-{number}", on=f"reel-{content}", at=content * DAY + HOUR_LATER + number)
        for content in range(6)
        for number in range(40)
    ]
    acts = sorted([*visits(THREE, 6), *crowd], key=lambda act: act.at)

    assert verdicts_of(acts).count("lockstep") == 2


HOUR_LATER = 60 * MINUTE


def test_a_campaign_may_set_contents_and_partners() -> None:
    assert verdicts_of(visits(THREE, 2), lockstep={"contents": 2})[-1] == "lockstep"
    assert verdicts_of(visits(THREE[:2], 5), lockstep={"partners": 1})[-1] == "lockstep"
    assert set(verdicts_of(visits(THREE, 8), lockstep="off")) == {None}


def test_live_chats_are_no_lockstep() -> None:
    assert "lockstep" not in verdicts_of(visits(THREE, 8, live=True, agent=0))
