"""What is known of several workers: the newest wins, nothing vanishes unnoticed."""

from commands.live.memory import FORGOTTEN_SECONDS, STALE_SECONDS, Memory
from commands.worker_views import Query
from models.windows import FLIGHT
from tests.unit.commands.live.building import HERE, NOW, THERE, answer, campaign, problem, seen

BOTH = (HERE, THERE)


def age(memory: Memory, name: str = "glow") -> float | None:
    return memory.age(memory.campaigns(FLIGHT)[name], NOW.timestamp())


def test_the_campaigns_of_every_worker_are_known() -> None:
    memory = seen(answer(campaign("one")), answer(campaign("two"), address=THERE), workers=BOTH)
    assert set(memory.campaigns(FLIGHT)) == {"one", "two"}


def test_during_a_hand_over_the_newest_wins() -> None:
    first = answer(campaign(kpis={"clicks": 1}), ago=2)
    second = answer(campaign(kpis={"clicks": 2}), address=THERE, ago=1)
    for order in ((first, second), (second, first)):
        known = seen(*order, workers=BOTH).campaigns(FLIGHT)["glow"]
        assert known.campaign.kpis["clicks"].value == 2


def test_a_campaign_is_old_once_its_worker_does_not_show_it_any_more() -> None:
    assert age(seen(answer(campaign(), ago=5))) is None
    assert age(seen(answer(campaign(), ago=5), answer(ago=1))) == 5


def test_a_campaign_is_old_while_its_worker_does_not_answer_and_no_other_is() -> None:
    memory = seen(
        answer(campaign("one"), ago=5), answer(campaign("two"), address=THERE, ago=5), problem(THERE),
        workers=BOTH,
    )  # fmt: skip
    assert (age(memory, "one"), age(memory, "two")) == (None, 5)


def test_another_query_does_not_make_a_campaign_old() -> None:
    memory = seen(answer(campaign(), ago=5), answer(campaign(), query=Query("5m"), ago=1))
    assert age(memory) is None


def test_what_was_not_read_for_long_is_old_whatever_the_worker_says() -> None:
    assert age(seen(answer(campaign(), ago=STALE_SECONDS + 1))) == STALE_SECONDS + 1


def test_what_no_worker_shows_for_an_hour_is_forgotten() -> None:
    memory = seen(answer(campaign("old"), ago=FORGOTTEN_SECONDS + 1), answer(campaign("new")))
    assert set(memory.campaigns(FLIGHT)) == {"new"}


def test_over_a_window_not_read_yet_campaigns_have_no_figures_rather_than_those_of_another() -> None:
    memory = seen(answer(campaign(kpis={"clicks": 5})))
    assert memory.campaigns("1h")["glow"].campaign.kpis == {}


def test_parts_come_from_the_query_that_asked_for_them() -> None:
    whole = Query(FLIGHT, "glow", ("influencer",))
    memory = seen(answer(campaign(scopes={"influencer": []}), query=whole, ago=2), answer(campaign()))
    known = memory.parts("glow", FLIGHT)
    assert known is not None
    assert known.query == whole
    assert memory.parts("glow", "1h") is None
