"""The journals as Faust's recovery reads them: records of the changelog, by partition."""

from types import SimpleNamespace
from typing import Any

from faust.types import TP

from streams.journal.journals import Journals
from streams.journal.records import encode_claim, encode_parts
from streams.kafka.table import LogStore

CLAIM = encode_claim("host-1")


class Recovery(LogStore):
    """The store of Faust's table, with journals as its reader."""

    def __init__(self, journals: Journals) -> None:
        self.table: Any = SimpleNamespace(reader=journals)


def event(partition: int, offset: int, value: bytes) -> Any:
    return SimpleNamespace(message=SimpleNamespace(partition=partition, offset=offset, value=value))


def apply(made: Journals, *events: Any) -> None:
    Recovery(made).apply_changelog_batch(events, lambda key: key, lambda value: value)


def persisted(made: Journals, partition: int) -> int | None:
    return Recovery(made).persisted_offset(TP("log", partition))


def test_records_go_to_the_journal_of_their_partition() -> None:
    made = Journals()
    made.open({3: 5, 4: 8})
    (delta,) = encode_parts("delta", 5, 1, b"x")
    apply(made, event(3, 5, CLAIM), event(4, 8, CLAIM), event(3, 6, delta))

    assert {number: journal.epoch for number, journal in made.held.items()} == {3: 5, 4: 8}
    assert made.held[3].last == 1
    assert (persisted(made, 3), persisted(made, 4)) == (6, 8)


def test_of_a_partition_that_was_not_read_the_persisted_offset_is_below_all_and_never_none() -> None:
    assert persisted(Journals(), 3) == -1


def test_what_is_not_kept_is_read_anew_if_it_comes_back() -> None:
    made = Journals()
    made.open({3: 0, 4: 0})
    apply(made, event(3, 0, CLAIM), event(4, 0, CLAIM))
    made.open({4: 0, 5: 7})

    assert (persisted(made, 3), persisted(made, 4), persisted(made, 5)) == (-1, 0, 6)


def test_what_is_kept_is_read_anew_where_what_follows_it_was_deleted_meanwhile() -> None:
    made = Journals()
    made.open({3: 0, 4: 0, 5: 0})
    apply(made, *(event(number, 0, CLAIM) for number in (3, 4, 5)))
    made.open({3: 1, 4: 2, 5: 7})

    assert [persisted(made, number) for number in (3, 4, 5)] == [0, 1, 6]
    assert made.held[3].epoch == 0


def test_a_problem_is_kept_though_records_that_can_be_read_follow() -> None:
    made = Journals()
    made.open({3: 0, 4: 0})
    apply(made, event(3, 0, b"\xff"))
    apply(made, event(3, 1, CLAIM), event(4, 0, b"\x92\x02\x01"))

    assert "damaged" in made.problems[3]
    assert made.held[3].epoch == 1


def test_what_had_a_problem_is_read_anew_and_never_taken_for_whole() -> None:
    made = Journals()
    made.open({3: 0, 4: 0})
    apply(made, event(3, 0, b"\xff"), event(3, 1, CLAIM))
    made.open({3: 0})

    assert made.problems == {}
    assert persisted(made, 3) == -1, "or the damage would be behind what is read, and forgotten"


def test_what_is_left_over_from_a_reading_before_is_passed_over() -> None:
    made = Journals()
    made.open({3: 7})
    apply(made, event(3, 9, CLAIM), event(4, 0, CLAIM))

    assert (persisted(made, 3), persisted(made, 4)) == (6, -1)
