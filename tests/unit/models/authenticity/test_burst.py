"""Bursts: one person, too much in ten seconds or in an hour."""

from models.times import HOUR, MINUTE, SECOND
from tests.unit.models.authenticity.acts import Act, verdicts_of


def likes(number: int, apart: int, **fields: object) -> list[Act]:
    return [Act(at=at * apart, **fields) for at in range(number)]  # type: ignore[arg-type]  # of Act


def test_eight_in_ten_seconds_are_a_persons_and_the_ninth_is_not() -> None:
    assert verdicts_of(likes(9, SECOND)) == [None] * 8 + ["burst"]


def test_nine_in_ten_seconds_and_a_bit_are_a_persons() -> None:
    assert verdicts_of(likes(30, 10 * SECOND // 8), clockwork="off") == [None] * 30


def test_a_burst_is_one_whatever_order_it_comes_in() -> None:
    acts = likes(12, SECOND // 2)

    assert verdicts_of(acts[::-1]).count("burst") == verdicts_of(acts).count("burst") == 4


def test_sixty_in_an_hour_are_a_persons_and_the_next_is_not() -> None:
    found = verdicts_of(likes(61, 50 * SECOND), clockwork="off")

    assert found == [None] * 60 + ["burst"]


def test_sixty_one_over_more_than_an_hour_are_a_persons() -> None:
    assert set(verdicts_of(likes(200, 61 * SECOND), clockwork="off")) == {None}


def test_after_a_pause_a_person_begins_anew() -> None:
    later = [Act(at=2 * HOUR + act.at) for act in likes(8, SECOND)]

    assert verdicts_of(likes(9, SECOND) + later)[9:] == [None] * 8


def test_of_two_persons_each_has_their_own() -> None:
    both = [Act(who=who, at=at * SECOND) for at in range(8) for who in ("ana", "ben")]

    assert set(verdicts_of(both)) == {None}


def test_replies_and_live_chats_are_no_burst() -> None:
    assert set(verdicts_of(likes(50, SECOND, does="reply"))) == {None}
    assert "burst" not in verdicts_of(likes(50, SECOND, live=True, agent=0))


def test_a_campaign_may_set_both_limits() -> None:
    assert verdicts_of(likes(3, SECOND), burst={"in_10_seconds": 2}) == [None, None, "burst"]
    assert verdicts_of(likes(3, MINUTE), burst={"in_1_hour": 2}) == [None, None, "burst"]
    assert set(verdicts_of(likes(50, SECOND), burst="off", clockwork="off")) == {None}


def test_what_comes_late_is_held_against_what_is_known_of_its_own_time() -> None:
    acts = [*likes(8, SECOND), Act(at=MINUTE), Act(at=4 * SECOND)]

    assert verdicts_of(acts) == [None] * 9 + ["burst"]
