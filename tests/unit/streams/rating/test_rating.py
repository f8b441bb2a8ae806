"""Asking about texts: each is told once, what is asked about is bounded, nobody waits for what is new."""

import asyncio
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.json_lines import read_lines
from models.sentiment.asking import FAILED, LATE, PRESSURE, UNTOLD, Texts
from models.sentiment.rating import OwnWords
from models.times import SECOND
from streams.rating.asked import Asked, settled
from streams.rating.messages import LENGTH_BYTES, Answer, read_texts
from streams.rating.rating import Rating

NOW = 1_000 * SECOND
OLD = 0
_PACE = 1e-5


class Scene:
    """A rating, what was sent to the process, and what was told."""

    def __init__(self) -> None:
        self.now = 0.0
        self.rating = Rating(lambda: NOW, lambda: self.now)
        self.sent: list[list[str]] = []
        self.told: list[tuple[list[int], str]] = []

    def connect(self, model: str = "m") -> None:
        self.rating.connect(model, lambda frame: self.sent.append(lines(read_texts(frame[LENGTH_BYTES:]))))

    def ask(self, *written: str, arrived: int = NOW, live: bool = True) -> Any:
        return self.rating.ask(texts(*written), arrived, self._tell, live=live)

    def answer(self, *verdicts: int, seconds: float = _PACE) -> None:
        self.rating.take(Answer(np.array(verdicts, np.int8).tobytes(), seconds * len(verdicts)))

    def _tell(self, verdicts: Any, model: str) -> None:
        self.told.append((verdicts.tolist(), model))


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    made.connect()
    return made


def texts(*written: str) -> Texts:
    return Texts("".join(f"{one}\n" for one in written).encode(), b"\n" * len(written))


def lines(asked: Texts) -> list[str]:
    return read_lines(asked.texts)


def test_all_is_told_at_once_when_the_last_text_is_answered(scene: Scene) -> None:
    asked = scene.ask("a", "b", "c")

    scene.answer(0, UNTOLD)
    assert (scene.told, scene.rating.waiting) == ([], 1)
    scene.answer(2)

    assert scene.sent == [["a", "b", "c"]]
    assert scene.told == [([0, UNTOLD, 2], "m")]
    assert (asked.told.is_set(), asked.texts, scene.rating.waiting) == (True, None, 0)


def test_answers_are_told_to_whoever_asked_first() -> None:
    scene = Scene()
    scene.ask("a", "b")
    scene.ask("c")
    scene.connect()

    scene.answer(0, 1, 2)

    assert scene.sent == [["a", "b"], ["c"]]
    assert scene.told == [([0, 1], "m"), ([2], "m")]


def test_what_has_just_come_is_refused_beyond_the_bound(scene: Scene) -> None:
    scene.ask(*["a"] * 4000)
    scene.ask(*["b"] * 100)
    scene.ask("c")

    scene.answer(*[1] * 4096)

    assert [len(one) for one in scene.sent] == [4000, 96]
    assert [told for told, _ in scene.told[:1]] == [[PRESSURE]]
    assert scene.told[2][0] == [1] * 96 + [PRESSURE] * 4


def test_a_few_long_texts_are_too_many_too(scene: Scene) -> None:
    scene.ask(*["x" * 1_000_000] * 5)

    assert [len(one) for one in scene.sent] == [3]
    scene.answer(0, 0, 0)
    assert scene.told == [([0, 0, 0, PRESSURE, PRESSURE], "m")]


def test_a_slow_model_has_room_for_what_it_rates_in_time(scene: Scene) -> None:
    for _ in range(100):
        scene.ask("a")
        scene.answer(1, seconds=0.1)

    scene.ask(*["b"] * 50)

    assert 8 <= len(scene.sent[-1]) <= 12


@pytest.mark.parametrize(("arrived", "live"), [(OLD, True), (NOW, False)])
async def test_what_is_old_anyhow_is_waited_for(scene: Scene, arrived: int, live: bool) -> None:
    scene.ask(*["a"] * 5000, arrived=arrived, live=live)
    waits = asyncio.create_task(scene.rating.wait())
    await asyncio.sleep(0)
    scene.answer(*[1] * 900)
    await asyncio.sleep(0)
    assert not waits.done()

    scene.answer(*[1] * 100)
    await asyncio.wait_for(waits, 1)

    assert len(scene.sent[0]) == 5000


async def test_what_has_just_come_is_never_waited_for(scene: Scene) -> None:
    scene.ask(*["a"] * 5000)

    await asyncio.wait_for(scene.rating.wait(), 1)


async def test_counting_goes_on_where_a_backlog_is_rated_too_slowly(scene: Scene) -> None:
    scene.ask(*["a"] * 5000, arrived=OLD)
    scene.rating._patience.spend(-30.0)

    await asyncio.wait_for(scene.rating.wait(), 1)
    scene.ask("b", arrived=OLD)

    assert scene.told == [([PRESSURE], "")]
    scene.now += 1.0
    scene.ask("c", arrived=OLD)
    assert scene.sent[1:] == [["c"]]


async def test_what_is_stored_waits_for_its_ratings_and_not_for_long(scene: Scene) -> None:
    first, second = scene.ask("a", "b"), scene.ask("c")
    scene.answer(1)

    first.limit = second.limit = lambda: 0.01
    await settled([first, second])
    scene.answer(1, 1)

    assert scene.told == [([1, LATE], "m"), ([LATE], "")]
    assert scene.rating.waiting == 0
    scene.ask("d")
    scene.answer(2)
    assert scene.told[2:] == [([2], "m")]


def test_another_process_is_asked_about_all_that_was_not_told(scene: Scene) -> None:
    scene.ask("a", "b")
    scene.answer(1)
    ended = scene.ask("late")
    ended.end()
    scene.ask("c")

    scene.rating.disconnect()
    scene.connect("n")
    scene.answer(0, 0, 2)

    assert scene.sent[3:] == [["a", "b"], ["c"]]
    assert scene.told == [([LATE], ""), ([0, 0], "n"), ([2], "n")]


def test_what_a_process_dies_of_twice_fails_and_nothing_else() -> None:
    scene = Scene()
    scene.ask("poison")
    scene.ask("a")
    for _ in range(2):
        scene.connect()
        scene.rating.disconnect()
    scene.connect()

    scene.answer(1)

    assert scene.told == [([FAILED], ""), ([1], "m")]


def test_while_nobody_can_rate_all_fails_at_once(scene: Scene) -> None:
    scene.ask("a", "b")
    scene.answer(1)
    scene.rating.disconnect()
    scene.rating.give_up()
    scene.ask("c")

    assert scene.told == [([1, FAILED], "m"), ([FAILED], "")]
    scene.connect()
    scene.ask("d")
    scene.answer(0)
    assert scene.told[-1] == ([0], "m")


def test_a_campaigns_words_stay_with_its_texts_when_only_the_first_have_room() -> None:
    asked = Texts(b"a\nb\nc\n", b"en\n\nfr\n", [0, -1, 0], [OwnWords(positive=("x",))])

    assert asked.first(2) == Texts(b"a\nb\n", b"en\n\n", [0, -1], asked.words)


DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.integers(1, 5)),
        st.tuples(st.just("answer"), st.integers(1, 5)),
        st.tuples(st.just("die"), st.just(0)),
        st.tuples(st.just("end"), st.integers(0, 20)),
        st.tuples(st.just("give up"), st.just(0)),
    ),
    max_size=40,
)


@given(DEEDS)
def test_whatever_happens_each_text_is_told_once_and_as_what_it_is(deeds: list[tuple[str, int]]) -> None:
    scene, pending = Scene(), list[int]()
    asked: list[Asked] = []
    told: dict[int, list[list[int]]] = {}

    def send(frame: bytes) -> None:
        pending.extend(len(one) % 3 for one in lines(read_texts(frame[LENGTH_BYTES:])))

    def ask(size: int) -> None:
        number = len(asked)
        written = texts(*("x" * (number + at) for at in range(size)))
        tell = told.setdefault(number, []).append
        asked.append(scene.rating.ask(written, NOW, lambda verdicts, _: tell(verdicts.tolist()), live=True))

    scene.rating.connect("m", send)
    for deed, size in deeds:
        if deed == "ask":
            ask(size)
        elif deed == "answer" and pending:
            answered, pending[:] = pending[:size], pending[size:]
            scene.answer(*answered)
        elif deed == "end" and asked:
            asked[size % len(asked)].end()
        elif deed in ("die", "give up"):
            scene.rating.disconnect()
            pending.clear()
            if deed == "give up":
                scene.rating.give_up()
            scene.rating.connect("m", send)
    for one in asked:
        one.end()

    for number, tellings in told.items():
        (verdicts,) = tellings
        assert all(verdict in ((number + at) % 3, FAILED, LATE) for at, verdict in enumerate(verdicts))


async def test_what_is_stored_waits_longer_for_another_process_and_for_what_is_old(scene: Scene) -> None:
    new, old = scene.ask("a"), scene.ask("b", arrived=OLD)
    scene.now += 10.0
    assert new.limit() < old.limit()

    scene.rating.disconnect()
    assert new.limit() == old.limit()
    scene.connect()

    assert new.limit() == old.limit(), "what waited is asked about only now"
    scene.now += 10.0
    assert new.limit() < old.limit()
