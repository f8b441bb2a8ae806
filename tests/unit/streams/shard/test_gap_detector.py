"""What strayed is read again; what only waits its turn is not."""

from faust.types import TP

from streams.shard.gap_detector import GapDetector

ONE, TWO = TP("impressions", 0), TP("clicks", 0)


def test_what_came_ahead_is_read_again_once() -> None:
    strays = GapDetector()
    strays.add(ONE)

    assert strays.take({}) == {ONE}
    assert strays.take({}) == set()


def test_what_stands_still_for_some_looks_is_read_again() -> None:
    strays = GapDetector()

    found = [strays.take({ONE: 5, TWO: look}) for look in range(5)]

    assert found == [set(), set(), set(), {ONE}, {ONE}]


def test_what_moves_meanwhile_is_left_alone() -> None:
    strays = GapDetector()
    for position in (5, 5, 5, 6):
        assert strays.take({ONE: position}) == set()


def test_what_is_forgotten_is_not_read_again() -> None:
    strays = GapDetector()
    strays.add(ONE)
    strays.clear()

    assert strays.take({}) == set()
