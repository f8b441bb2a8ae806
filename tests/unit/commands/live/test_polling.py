"""Workers are read side by side, and only what is looked at."""

import threading
import time
from collections.abc import Callable

from commands.live.memory import Answer
from commands.live.polling import Polling, ask, lines_of
from commands.metrics_page import NoWorker, Sample
from tests.unit.commands.live.building import HERE, THERE, campaign

Wanted = Callable[[str], bool]


def gather(polling: Polling, enough: Callable[[list[Answer]], bool]) -> list[Answer]:
    answers: list[Answer] = []
    deadline = time.monotonic() + 10
    while not enough(answers):
        assert time.monotonic() < deadline, answers
        time.sleep(0.01)
        answers += polling.answers()
    return answers


def test_a_worker_that_hangs_or_is_away_holds_up_no_other() -> None:
    ended = threading.Event()

    def read(address: str, _: Wanted, __: float) -> list[Sample]:
        if address == "hangs":
            ended.wait(10)
        if address == THERE:
            raise NoWorker("No worker answers there")
        return campaign("a")

    polling = Polling(["hangs", HERE, THERE], read)
    polling.start()
    answers = gather(polling, lambda found: {answer.address for answer in found} == {HERE, THERE})
    ended.set()
    assert {answer.address: answer.problem for answer in answers} == {
        HERE: None, THERE: "No worker answers there",
    }  # fmt: skip


def test_a_campaign_that_is_looked_into_is_read_at_once_and_whole() -> None:
    polling = Polling([HERE], lambda *_: campaign("a"))
    polling.start()
    gather(polling, bool)
    began = time.monotonic()
    polling.look_into("a")
    answers = gather(polling, lambda found: any(answer.whole == "a" for answer in found))
    assert time.monotonic() - began < 0.9
    assert answers[-1].whole == "a"


def test_of_other_campaigns_only_their_own_figures_are_parsed() -> None:
    lines = [
        'kpi_campaign_clicks{campaign="a"} 1', 'kpi_influencer_clicks{campaign="a",influencer="x"} 1',
        'kpi_influencer_clicks{campaign="b",influencer="x"} 1', 'kpi_pipeline_partitions{state="live"} 1',
        "# HELP x y", "process_cpu_seconds_total 1",
    ]  # fmt: skip
    assert [line for line in lines if lines_of(None)(line)] == [lines[0], lines[3]]
    assert [line for line in lines if lines_of("b")(line)] == [lines[0], lines[2], lines[3]]


def test_what_labels_hold_reaches_no_terminal() -> None:
    samples = [Sample("kpi_campaign_info", {"campaign": "a", "name": "\x1b[2J", "owner": "é\u202e"}, 1)]
    (sample,) = ask(HERE, None, lambda *_: samples).samples
    assert sample.labels == {"campaign": "a", "name": r"\x1b[2J", "owner": r"é\u202e"}


def test_what_is_said_of_a_worker_that_is_away_reaches_no_terminal() -> None:
    def read(*_: object) -> list[Sample]:
        raise NoWorker("No worker answers (\x1b[2J)")

    assert ask(HERE, None, read).problem == r"No worker answers (\x1b[2J)"
