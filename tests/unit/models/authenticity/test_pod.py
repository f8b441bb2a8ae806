"""Pods: the same persons comment early on everything; reported, unless a campaign lets it count."""

from models.times import DAY, MINUTE, SECOND
from tests.unit.models.authenticity.acts import Act, judge, lines, noted, said, verdicts_of

TEN = [f"p{number}" for number in range(10)]


def early(contents: int, apart: int = 70 * SECOND, does: str = "comment", persons: int = 10) -> list[Act]:
    """Publish contents; of each somebody else is the first, and then the same persons come."""
    return [
        act
        for content in range(contents)
        for act in [
            Act(who=f"first-{content}", on=f"reel-{content}", at=content * DAY),
            *(
                Act(who=who, does=does, on=f"reel-{content}", at=content * DAY + place * apart)
                for place, who in enumerate(TEN[:persons], 1)
            ),
        ]
    ]


def test_the_tenth_regular_of_a_content_is_reported_from_the_fifth_content_on() -> None:
    verdicts = judge().judge(lines(early(6)))

    assert [at for at, reason in enumerate(noted(verdicts)) if reason == "pod"] == [4 * 11 + 10, 5 * 11 + 10]
    assert set(said(verdicts)) == {None}


def test_nine_persons_are_none_nor_are_likes_nor_are_late_comments() -> None:
    for acts in (early(8, persons=9), early(8, does="like"), early(8, apart=16 * MINUTE)):
        assert "pod" not in noted(judge().judge(lines(acts)))


def test_who_misses_more_than_a_fifth_is_no_regular() -> None:
    missed = [act for act in early(8) if not (act.who in TEN and act.on in ("reel-0", "reel-3"))]

    assert "pod" not in noted(judge().judge(lines(missed)))


def test_a_content_has_begun_when_its_first_interaction_was_however_late_that_comes() -> None:
    acts = early(6)
    before = Act(who="before", on="reel-5", at=5 * DAY - 14 * MINUTE)
    at = next(number for number, act in enumerate(acts) if act.on == "reel-5")

    assert "pod" in noted(judge().judge(lines(acts)))[-11:]
    assert "pod" not in noted(judge().judge(lines([*acts[: at + 1], before, *acts[at + 1 :]])))[-11:]


def test_who_comments_twice_on_a_content_is_one_regular() -> None:
    acts = [twice for act in early(6, persons=9) for twice in (act, act)]

    assert "pod" not in noted(judge().judge(lines(acts)))


def test_a_campaign_may_let_it_count_or_set_its_thresholds() -> None:
    assert verdicts_of(early(5), pod="on")[-1] == "pod"
    assert verdicts_of(early(5, persons=3), pod={"use": "on", "persons": 3})[-1] == "pod"
    assert verdicts_of(early(2), pod={"use": "on", "contents": 2})[-1] == "pod"
    assert "pod" not in noted(judge(pod="off").judge(lines(early(6))))
