"""A journal: what a log of claims, deltas and snapshots stands for, whoever else writes to it."""

import pytest

from streams.journal.journal import Journal
from streams.journal.records import PART_BYTES, Kind, encode_claim, encode_parts
from tests.unit.streams.journal.logs import Log, read, standing

CLAIM = encode_claim("host-1")


def parts(kind: Kind, epoch: int, number: int, size: int = 3) -> list[bytes]:
    """Return a delta or snapshot whose data tells what it stands for."""
    tag = f"{kind}{number}|".encode()
    return encode_parts(kind, epoch, number, tag + bytes(size))


def delta(epoch: int, number: int) -> bytes:
    (value,) = parts("delta", epoch, number)
    return value


def journal(*values: bytes) -> Journal:
    return read(Log(values))


def test_an_empty_log_has_no_epoch_and_no_delta() -> None:
    made = journal()
    made.require_whole()

    assert (made.epoch, made.next_offset, made.last, made.runs, made.needed_from) == (-1, 0, 0, [], 0)


def test_a_claim_at_an_offset_is_the_epoch_of_what_follows() -> None:
    made = journal(CLAIM, delta(0, 1), delta(0, 2))

    assert (made.epoch, made.next_offset, made.last) == (0, 3, 2)
    assert [(run.first, run.last, run.offset, run.merged) for run in made.runs] == [
        (1, 1, 1, False),
        (2, 2, 2, False),
    ]


def test_what_was_written_in_an_earlier_epoch_and_stands_after_a_claim_counts_for_nothing() -> None:
    made = journal(CLAIM, delta(0, 1), CLAIM, delta(0, 2), delta(2, 2), delta(0, 3))

    assert standing(made) == [(1, 1), (2, 2)]
    assert (made.epoch, made.runs[-1].offset) == (2, 4)


def test_a_delta_that_a_claim_cut_in_two_counts_for_nothing() -> None:
    torn = parts("delta", 0, 1, 2 * PART_BYTES)
    made = journal(CLAIM, torn[0], CLAIM, *torn[1:])
    assert made.last == 0

    made = journal(CLAIM, torn[0], CLAIM, *torn[1:], *parts("delta", 2, 1, 2 * PART_BYTES))
    assert (standing(made), made.runs[0].offset) == ([(1, 1)], 5)


def test_parts_of_two_epochs_make_no_delta_though_no_claim_stands_between_them() -> None:
    first, second = (parts("delta", epoch, 1, 2 * PART_BYTES) for epoch in (0, 2))

    assert journal(first[0], *second[1:]).last == 0


def test_a_record_that_was_taken_before_is_passed_over() -> None:
    made = journal(CLAIM, delta(0, 1))
    made.read(0, CLAIM)
    made.read(1, b"\xff")

    assert (made.epoch, made.last, made.next_offset) == (0, 1, 2)


def test_a_delta_written_again_for_it_was_not_acknowledged_counts_once() -> None:
    assert standing(journal(CLAIM, delta(0, 1), delta(0, 1), delta(0, 2), delta(0, 1))) == [(1, 1), (2, 2)]


def test_parts_written_again_from_the_first_make_one_delta() -> None:
    large = parts("delta", 0, 1, 2 * PART_BYTES)
    made = journal(CLAIM, *large[:2], *large)

    assert [len(run.data) for run in made.runs] == [2 * PART_BYTES + 7]


@pytest.mark.parametrize("missing", range(3))
def test_a_delta_counts_only_with_all_its_parts(missing: int) -> None:
    large = parts("delta", 0, 1, 2 * PART_BYTES)
    del large[missing]

    assert journal(CLAIM, *large).last == 0


def test_parts_out_of_their_order_or_of_different_deltas_make_none() -> None:
    one, two = (parts("delta", 0, number, 2 * PART_BYTES) for number in (1, 2))

    assert journal(CLAIM, one[0], one[2], one[1]).last == 0
    assert journal(CLAIM, one[0], two[1], one[2]).last == 0


def test_a_missing_delta_is_refused() -> None:
    made = journal(CLAIM, delta(0, 1), delta(0, 3))

    with pytest.raises(ValueError, match="before delta 3 is missing"):
        made.require_whole()


def test_a_log_whose_beginning_is_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="before delta 3 is missing"):
        journal(delta(0, 3), delta(0, 4)).require_whole()


@pytest.mark.parametrize("left", [[], [CLAIM, CLAIM]])
def test_a_log_that_was_emptied_is_a_loss(left: list[bytes]) -> None:
    made = Journal(7)
    for offset, value in enumerate(left, 7):
        made.read(offset, value)

    with pytest.raises(ValueError, match="before offset 7 was deleted, and no snapshot replaces it"):
        made.require_whole()


def test_damage_is_refused() -> None:
    with pytest.raises(ValueError, match="damaged"):
        journal(CLAIM, b"\xff")


def test_a_snapshot_stands_for_the_deltas_up_to_its_number() -> None:
    (snapshot,) = parts("snapshot", 0, 2)
    made = journal(CLAIM, delta(0, 1), delta(0, 2), delta(0, 3), snapshot, delta(0, 4))

    assert standing(made) == [(1, 2), (3, 3), (4, 4)]
    assert (made.runs[0].merged, made.needed_from) == (True, 3)
    assert made.base_bytes() == len(made.runs[0].data)
    assert made.tail_bytes() == len(made.runs[1].data) + len(made.runs[2].data)


def test_a_delta_that_is_missing_after_a_snapshot_is_refused() -> None:
    # Delta 6 was deleted, for a later snapshot that is not there.
    with pytest.raises(ValueError, match="delta 6 is missing after the snapshot"):
        journal(CLAIM, delta(0, 7), *parts("snapshot", 0, 5))


def test_deltas_may_stand_between_the_parts_of_a_snapshot() -> None:
    snapshot = parts("snapshot", 0, 1, 2 * PART_BYTES)
    made = journal(CLAIM, delta(0, 1), snapshot[0], delta(0, 2), snapshot[1], delta(0, 3), snapshot[2])

    assert standing(made) == [(1, 1), (2, 2), (3, 3)]
    assert made.needed_from == 2


def test_a_snapshot_that_is_not_finished_replaces_nothing() -> None:
    snapshot = parts("snapshot", 0, 1, 2 * PART_BYTES)
    made = journal(CLAIM, delta(0, 1), *snapshot[:2], delta(0, 2))

    assert standing(made) == [(1, 1), (2, 2)]
    assert not made.runs[0].merged


def test_where_the_claim_is_no_more_in_the_log_the_records_tell_the_epoch() -> None:
    (snapshot,) = parts("snapshot", 7, 2)
    made = Journal(20)
    for offset, value in ((20, snapshot), (21, delta(5, 3)), (22, delta(7, 3))):
        made.read(offset, value)
    made.require_whole()

    assert (made.epoch, standing(made), made.next_offset) == (7, [(1, 2), (3, 3)], 23)


def test_what_does_not_follow_is_passed_over_and_taken_when_its_turn_comes() -> None:
    made = Journal(5)
    for offset, value in ((7, delta(5, 2)), (4, CLAIM), (5, CLAIM), (6, delta(5, 1)), (7, delta(5, 2))):
        made.read(offset, value)

    assert (made.epoch, standing(made), made.next_offset) == (5, [(1, 1), (2, 2)], 8)
