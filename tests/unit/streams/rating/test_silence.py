"""A process hangs that says nothing for many looks though it loads, or was asked; and no other."""

import pytest

from streams.rating.silence import Silence


def looks(silence: Silence, count: int, *, loaded: bool, asked: bool) -> set[str]:
    return {silence.look(loaded=loaded, asked=asked) for _ in range(count)}


def test_one_that_was_asked_nothing_may_be_silent() -> None:
    assert looks(Silence(2, 3), 100, loaded=True, asked=False) == {""}


def test_one_that_answers_may_take_its_time_over_all() -> None:
    silence = Silence(2, 3)
    for _ in range(10):
        assert looks(silence, 2, loaded=True, asked=True) == {""}
        silence.end()


@pytest.mark.parametrize(
    ("loaded", "most", "said"),
    [(True, 2, "did not rate a text within 2 s"), (False, 3, "did not load its model within 3 s")],
)
def test_one_that_says_nothing_for_long_hangs(loaded: bool, most: int, said: str) -> None:
    silence = Silence(2, 3)
    assert looks(silence, most, loaded=loaded, asked=True) == {""}

    assert silence.look(loaded=loaded, asked=True) == said
