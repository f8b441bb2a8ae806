"""How long campaigns were hidden, on looks made by hand."""

import pytest

from tests.system.faults.hiding import Hiding, summaries, too_long
from tests.system.faults.lookout import Starved, campaigns_on
from tests.system.faults.sightings import MIXED, Act, Acts, Gap, Sightings

Look = tuple[float, str, str]


def seen(*looks: Look) -> list[Gap]:
    """Give the gaps that looks show: when, at whom, and the letters of the campaigns on the page."""
    sightings = Sightings()
    for moment, worker, campaigns in looks:
        sightings.add(moment, moment + 0.1, {worker: set(campaigns)})
    sightings.close(100.0)
    return sightings.gaps


def test_a_campaign_that_its_worker_shows_at_every_look_is_never_hidden() -> None:
    assert seen((1, "a", "c"), (1, "b", "d"), (2, "a", "c"), (2, "b", "d"), (30, "a", "c")) == []


def test_a_gap_lasts_from_the_last_page_with_the_campaign_to_the_next() -> None:
    assert seen((1, "a", "c"), (2, "a", ""), (3, "a", ""), (4, "a", "c")) == [Gap("c", 1, 2.1, 4, "a", "a")]


def test_a_campaign_that_another_worker_takes_over_was_hidden_in_between() -> None:
    gaps = seen((1, "a", "c"), (1, "b", "d"), (2, "a", ""), (2, "b", "d"), (3, "b", "cd"))

    assert gaps == [Gap("c", 1, 2.1, 3, "a", "b")]


def test_a_campaign_that_another_worker_shows_before_the_first_lets_go_is_not_hidden() -> None:
    assert seen((1, "a", "c"), (2, "b", "c"), (2.1, "a", ""), (3, "b", "c")) == []


def test_a_campaign_that_stays_hidden_is_hidden_to_the_end() -> None:
    assert seen((1, "a", "c"), (2, "a", "")) == [Gap("c", 1, 2.1, 100, "a", "")]


def test_a_gap_is_of_the_worker_acted_upon_whether_it_showed_the_campaign_before_or_after() -> None:
    act = Act("kill", {"a"}, 0.0)

    assert act.own(Gap("c", 1, 2, 3, "a", "b"))
    assert act.own(Gap("c", 1, 2, 3, "b", "a"))
    assert not act.own(Gap("c", 1, 2, 3, "b", "c"))


def test_acts_that_meet_are_a_mixture() -> None:
    acts = Acts()
    acts.begin("kill", ["a"], 1.0)
    acts.settle()
    acts.begin("stop", ["b"], 2.0)
    acts.begin("freeze", ["c"], 3.0)

    assert [(act.kind, act.workers) for act in acts.all[1:]] == [("kill", {"a"}), (MIXED, {"b", "c"})]


def test_a_kind_of_act_is_summed_up_by_its_longest_and_its_middle() -> None:
    own = (3.0, 1.0, 2.0)

    (summary,) = summaries(Hiding("kill", seconds, 0.0, 0.0, 0.0) for seconds in own)

    assert (summary.times, summary.own_hidden, summary.others_hidden) == (3, "3.0 (2.0)", "0.0 (0.0)")


@pytest.mark.parametrize(
    ("act", "own", "others", "wrong"),
    [
        ("stop, start", 1.9, 0.0, 0),
        ("stop, start", 2.2, 0.0, 1),
        ("kill, start later", 12.9, 0.0, 0),
        ("kill, start later", 13.2, 0.2, 2),
        ("several at once", 99.0, 99.0, 0),
    ],
)
def test_an_act_that_hides_for_longer_than_it_may_is_found(
    act: str, own: float, others: float, wrong: int
) -> None:
    assert len(too_long([Hiding(act, 99.0, own, 99.0, others)])) == wrong


def test_waits_for_a_processor_are_those_between_two_moments_of_processes_known_at_both() -> None:
    starved = Starved()
    starved.add(1.0, 0.0, {7: 5.0})
    starved.add(2.0, 0.1, {7: 5.5, 8: 90.0})
    starved.add(3.0, 0.0, {7: 5.5, 8: 91.0})

    assert starved.between(1.0, 3.0) == pytest.approx(1.6)
    assert starved.between(2.0, 9.0) == pytest.approx(1.0)
    assert starved.between(5.0, 9.0) == 0.0


def test_campaigns_are_found_on_a_page() -> None:
    page = 'a 1\nkpi_campaign_info{campaign="c",name="x"} 1\nkpi_campaign_info{campaign="d e",name=""} 1\n'

    assert campaigns_on(page) == {"c", "d e"}
