"""Nothing that a worker has shown vanishes without a word."""

import pytest

from commands.live.memory import FORGOTTEN_SECONDS, STALE_SECONDS, Answer, Memory, remember, unread
from commands.metrics_page import Sample
from models.kpis.catalogue import kpi
from tests.unit.commands.live.building import HERE, THERE, campaign


def answered(*answers: Answer) -> Memory:
    memory = unread([HERE, THERE])
    for answer in answers:
        memory = remember(memory, answer)
    return memory


def test_the_campaigns_of_all_workers_are_known() -> None:
    memory = answered(Answer(HERE, 100, campaign("a")), Answer(THERE, 100, campaign("b")))
    assert set(memory.pages()) == {"a", "b"}
    assert [memory.age(name, 101) for name in "ab"] == [None, None]


def test_what_a_worker_that_went_away_showed_stays_with_its_age() -> None:
    memory = answered(
        Answer(HERE, 100, campaign("a")),
        Answer(THERE, 100, campaign("b")),
        Answer(THERE, 104, problem="away"),
    )
    assert (memory.age("a", 105), memory.age("b", 105)) == (None, 5)
    assert memory.workers[THERE].problem == "away"
    assert memory.workers[THERE].answered_at == 100


def test_a_worker_that_answers_but_shows_a_campaign_no_more_leaves_it_old() -> None:
    memory = answered(Answer(HERE, 100, campaign("a")), Answer(HERE, 103, campaign("b")))
    assert (memory.age("a", 103), memory.age("b", 103)) == (3, None)


def test_a_campaign_that_another_worker_takes_over_is_fresh() -> None:
    memory = answered(
        Answer(HERE, 100, campaign("a", clicks=1)), Answer(HERE, 101, problem="away"),
        Answer(THERE, 102, campaign("a", clicks=2)),
    )  # fmt: skip
    assert memory.age("a", 103) is None
    assert memory.pages()["a"].total(kpi("clicks"), memory.pages()["a"].scope, "flight") == 2


def test_a_worker_that_comes_back_has_no_problem() -> None:
    memory = answered(Answer(HERE, 100, problem="away"), Answer(HERE, 101, campaign("a")))
    assert memory.workers[HERE].problem is None
    assert memory.age("a", 101) is None


@pytest.mark.parametrize(("later", "age"), [(STALE_SECONDS, None), (STALE_SECONDS + 1, STALE_SECONDS + 1)])
def test_what_no_answer_renews_is_old_even_without_a_problem(later: float, age: float | None) -> None:
    assert answered(Answer(HERE, 100, campaign("a"))).age("a", 100 + later) == age


def test_what_was_shown_an_hour_ago_is_forgotten() -> None:
    first = Answer(HERE, 100, campaign("a"))
    assert "a" in answered(first, Answer(HERE, 100 + FORGOTTEN_SECONDS)).campaigns
    assert "a" not in answered(first, Answer(HERE, 101 + FORGOTTEN_SECONDS)).campaigns


def test_a_worker_says_what_waits_and_what_it_restores() -> None:
    samples = [
        Sample("kpi_pipeline_consumer_lag_records", {"topic": "clicks", "partition": "0"}, 40),
        Sample("kpi_pipeline_consumer_lag_records", {"topic": "clicks", "partition": "1"}, 2),
        Sample("kpi_pipeline_partitions", {"state": "recovering"}, 3),
        Sample("kpi_pipeline_partitions", {"state": "live"}, 1),
    ]
    worker = answered(Answer(HERE, 100, samples)).workers[HERE]
    assert (worker.lag, worker.recovering) == (42, 3)
