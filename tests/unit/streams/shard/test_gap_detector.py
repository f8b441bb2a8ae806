"""What has a gap before it is read again; what only waits its turn is not."""

from streams.shard.gap_detector import GapDetector

ONE, TWO = ("impressions", 0), ("clicks", 0)


def test_what_came_ahead_is_read_again_once() -> None:
    gaps = GapDetector()
    gaps.add(ONE)

    assert gaps.take({}) == {ONE}
    assert gaps.take({}) == set()


def test_what_stands_still_for_some_looks_is_read_again() -> None:
    gaps = GapDetector()

    found = [gaps.take({ONE: 5, TWO: look}) for look in range(5)]

    assert found == [set(), set(), set(), {ONE}, {ONE}]


def test_what_moves_meanwhile_is_left_alone() -> None:
    gaps = GapDetector()
    for position in (5, 5, 5, 6):
        assert gaps.take({ONE: position}) == set()
