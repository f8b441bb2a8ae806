"""Agents, short texts, no exposure, likes by views; what cannot be judged; and which reason is the first."""

import numpy as np
import pytest

from models.authenticity.columns import OF_A_MACHINE, OF_A_PERSON
from models.authenticity.judge import Judge
from models.times import MINUTE, SECOND
from tests.unit.models.authenticity.acts import (
    NOON,
    UNJUDGED,
    Act,
    hashed,
    judge,
    lines,
    noted,
    said,
    verdicts_of,
)


def test_a_machines_agent_makes_it_suspicious_and_a_persons_does_not() -> None:
    acts = [Act(agent=OF_A_MACHINE), Act(agent=OF_A_PERSON), Act(who=None, agent=OF_A_MACHINE)]

    assert verdicts_of(acts) == ["agent", None, "agent"]
    assert verdicts_of(acts, agent="off") == [None, None, None]


def test_what_carries_neither_person_text_nor_agent_cannot_be_judged() -> None:
    acts = [Act(who=None), Act(who=None, says="hi"), Act(who=None, agent=OF_A_PERSON), Act()]

    assert verdicts_of(acts) == [UNJUDGED, None, None, None]


def test_an_aggregate_is_in_neither_side_whatever_it_carries_nor_does_it_change_what_is_known() -> None:
    acts = [Act(count=7, agent=OF_A_MACHINE, at=number * SECOND) for number in range(20)]

    assert verdicts_of([*acts, Act(at=20 * SECOND)]) == [UNJUDGED] * 20 + [None]


def test_a_video_view_is_no_interaction() -> None:
    assert verdicts_of([Act(does="video_view"), Act(does="click")]) == [UNJUDGED, None]


def test_a_live_chat_is_judged_by_its_agent_alone() -> None:
    acts = [Act(live=True), Act(live=True, agent=OF_A_PERSON), Act(live=True, agent=OF_A_MACHINE)]

    assert verdicts_of(acts) == [UNJUDGED, None, "agent"]


@pytest.mark.parametrize(
    ("text", "reported"), [("😍😍", True), ("so pretty", True), ("so very pretty", False)]
)
def test_hardly_a_word_is_reported_and_never_counts(text: str, reported: bool) -> None:
    verdicts = judge().judge(lines([Act(does="comment", says=text)]))

    assert said(verdicts) == [None]
    assert noted(verdicts) == ["generic" if reported else None]


def test_an_interaction_has_the_first_reason_and_nothing_is_noted_of_a_suspicious_one() -> None:
    acts = [Act(does="comment", says="wow", at=number * SECOND) for number in range(10)]
    acts.append(Act(at=10 * SECOND, agent=OF_A_MACHINE))
    verdicts = judge().judge(lines(acts))

    assert said(verdicts) == [None] * 8 + ["burst", "burst", "agent"]
    assert noted(verdicts) == ["generic"] * 8 + [None] * 3


def test_what_is_reported_alone_leaves_the_reason_to_the_next_rule() -> None:
    acts = [Act(at=number * SECOND) for number in range(16)]
    verdicts = judge(burst="report").judge(lines(acts))

    assert said(verdicts) == [None] * 15 + ["clockwork"]
    assert noted(verdicts) == [None] * 8 + ["burst"] * 7 + [None]


def tell(judged: Judge, *persons: str | None, at: int = 0, count: int = 1) -> None:
    names, many = np.array([hashed(who) for who in persons], np.uint64), len(persons)
    whole = np.zeros(many, np.int64)
    judged.expose(whole, names, whole + NOON + at, whole + count)


def test_who_was_shown_nothing_is_found_where_impressions_carry_persons() -> None:
    one = judge(no_exposure="on")
    tell(one, "ana", "ben", at=MINUTE)

    assert said(one.judge(lines([Act("ana"), Act("cleo"), Act(None, agent=0)]))) == [
        None,
        "no_exposure",
        None,
    ]


@pytest.mark.parametrize(("unknown", "expected"), [(1, "no_exposure"), (2, None)])
def test_below_nine_of_ten_impressions_with_persons_nobody_is_looked_up(
    unknown: int, expected: str | None
) -> None:
    one = judge(no_exposure="on")
    tell(one, *(f"p{number}" for number in range(9)), at=MINUTE)
    tell(one, None, at=MINUTE, count=unknown)

    assert said(one.judge(lines([Act("cleo")]))) == [expected]


def test_an_impression_that_may_yet_come_is_waited_for() -> None:
    one = judge(no_exposure="on")
    tell(one, "ana", at=MINUTE)

    assert said(one.judge(lines([Act("cleo", at=MINUTE), Act("cleo", at=MINUTE + 1)]))) == [
        "no_exposure",
        None,
    ]


def test_by_default_nobody_is_looked_up() -> None:
    one = judge()
    tell(one, "ana", at=MINUTE)

    assert said(one.judge(lines([Act("cleo")]))) == [None]
    assert one.octets() < 1 << 20
