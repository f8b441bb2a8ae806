"""What is planted comes in its share, is what it says it is, and is found by the rule that it is for."""

import json
from collections import Counter, defaultdict
from itertools import pairwise, takewhile

import pytest

from models.authenticity.catalogue import NUMBER
from models.times import HOUR, MINUTE, SECOND
from producers.groups import PLANTED, SIZES
from producers.plan import Plan
from producers.simulated import SimulatedEvent
from producers.simulation import simulate
from tests.unit.producers.conftest import NOON, noon_demo
from tests.unit.producers.planting import CAMPAIGN, interactions, planted, reasons

SHARES = Plan(
    burst=0.1, clockwork=0.1, copied_text=0.1, lockstep=0.1, pod=0.1, no_exposure=0.05, giveaway=0.1
)
FINDABLE = {one.reason: one.findable for one in PLANTED if one.reason != "no_exposure"}
Judged = list[tuple[SimulatedEvent, int]]


@pytest.fixture(scope="module")
def played() -> list[SimulatedEvent]:
    return planted(SHARES, hours=10)


@pytest.fixture(scope="module")
def judged(played: list[SimulatedEvent]) -> Judged:
    acts = interactions(played)
    return list(zip(acts, reasons(acts), strict=True))


def test_each_kind_comes_in_its_share_and_the_rate_is_kept(played: list[SimulatedEvent]) -> None:
    found = Counter(event.planted for event in interactions(played))

    for kind, share in SHARES.shares().items():
        # Scripts and copied texts of the last hours go on after the end.
        assert 0.6 * share < found[kind] / found.total() < 1.4 * share, kind
    calm = planted(Plan(), hours=10)
    assert len(played) == pytest.approx(len(calm), rel=0.1)
    assert not any(event.planted for event in calm)


def test_the_same_arguments_plant_the_same() -> None:
    assert planted(SHARES, hours=0.2) == planted(SHARES, hours=0.2)


@pytest.mark.parametrize("kind", FINDABLE)
def test_what_can_be_found_is_mostly_found_by_the_rule_it_is_for(judged: Judged, kind: str) -> None:
    found = [reason == NUMBER[kind] for event, reason in judged if event.planted == kind]

    assert sum(found) / len(found) > 0.6 * FINDABLE[kind]


def test_people_and_their_giveaway_are_hardly_accused(judged: Judged) -> None:
    accusing = {NUMBER[reason] for reason in ("burst", "clockwork", "copied_text", "lockstep")}
    people = [reason in accusing for event, reason in judged if event.planted is None]
    entries = [reason in accusing for event, reason in judged if event.planted == "giveaway"]

    assert sum(people) / len(people) < 0.005
    assert 0 < sum(entries) / len(entries) < 0.3


def test_a_burst_and_a_script_are_one_account_each(played: list[SimulatedEvent]) -> None:
    for kind, pause in (("burst", 12 * SECOND), ("clockwork", 20 * MINUTE)):
        by_account = defaultdict(list)
        for event in played:
            if event.planted == kind:
                by_account[event.person].append(event.event_time)
        least, most = SIZES[kind]
        sizes = [len(times) for times in by_account.values()]
        assert max(sizes) <= most
        assert sum(size >= least for size in sizes) > 0.5 * len(sizes)
        for times in map(sorted, by_account.values()):
            assert all(later - earlier < pause for earlier, later in pairwise(times))


def test_a_pod_comments_on_what_its_influencer_publishes_within_a_quarter_of_an_hour(
    played: list[SimulatedEvent],
) -> None:
    posts, members = defaultdict(list), defaultdict(set)
    for event in played:
        if event.planted == "pod":
            read = json.loads(event.value)
            posts[read["influencer_id"], read["content_id"]].append(event.event_time)
            members[read["influencer_id"]].add(event.person)
    assert len(posts) > 20
    assert all(max(times) - min(times) < 16 * MINUTE for times in posts.values())
    assert all(12 <= len(pod) <= 20 for pod in members.values())


def test_accounts_are_nobody_who_was_shown_anything(played: list[SimulatedEvent]) -> None:
    shown = {event.person for event in played if event.type == "impression"}

    assert not {event.person for event in played if event.planted not in (None, "giveaway")} & shown


def test_only_the_contents_of_those_who_are_named_are_planted_in() -> None:
    events = planted(Plan(influencers=("camille",), burst=0.5, lockstep=0.2), hours=2)
    planted_in = {json.loads(event.value)["influencer_id"] for event in events if event.planted}

    assert planted_in == {"camille"}


def test_nothing_is_planted_after_the_flight() -> None:
    (usual,) = (one for one in noon_demo().campaigns if one.id == CAMPAIGN)
    short = usual.model_copy(update={"ends": NOON + HOUR})
    events = list(simulate(1, [short], NOON, 5, planted={CAMPAIGN: SHARES}))
    kept = list(takewhile(lambda event: event.at < short.ends, events))

    assert any(event.planted for event in kept)
    assert not any(event.planted for event in events[len(kept) :])
