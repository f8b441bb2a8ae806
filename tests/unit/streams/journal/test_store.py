"""The store of shards: what Faust's recovery reads of the changelog, by partition."""

from types import SimpleNamespace
from typing import Any

from faust.types import TP

from streams.journal.records import encode_claim, encode_parts
from streams.journal.store import JournalStore

CLAIM = encode_claim("host-1")


def store() -> JournalStore:
    made = JournalStore.__new__(JournalStore)
    made.data = {}
    made.__post_init__()
    return made


def event(partition: int, offset: int, value: bytes) -> Any:
    return SimpleNamespace(message=SimpleNamespace(partition=partition, offset=offset, value=value))


def apply(made: JournalStore, *events: Any) -> None:
    made.apply_changelog_batch(events, lambda key: key, lambda value: value)


def persisted(made: JournalStore, partition: int) -> int | None:
    return made.persisted_offset(TP("log", partition))


def test_records_go_to_the_journal_of_their_partition() -> None:
    made = store()
    made.open({3: 5, 4: 8})
    (delta,) = encode_parts("delta", 5, 1, b"x")
    apply(made, event(3, 5, CLAIM), event(4, 8, CLAIM), event(3, 6, delta))

    assert {number: journal.epoch for number, journal in made.journals.items()} == {3: 5, 4: 8}
    assert made.journals[3].last == 1
    assert (persisted(made, 3), persisted(made, 4)) == (6, 8)


def test_of_a_partition_that_was_not_read_the_persisted_offset_is_below_all_and_never_none() -> None:
    assert persisted(store(), 3) == -1


def test_what_is_not_kept_is_read_anew_if_it_comes_back() -> None:
    made = store()
    made.open({3: 0, 4: 0})
    apply(made, event(3, 0, CLAIM), event(4, 0, CLAIM))
    made.open({4: 0, 5: 7})

    assert (persisted(made, 3), persisted(made, 4), persisted(made, 5)) == (-1, 0, 6)


def test_a_problem_is_kept_though_records_that_can_be_read_follow() -> None:
    made = store()
    made.open({3: 0, 4: 0})
    apply(made, event(3, 0, b"\xff"))
    apply(made, event(3, 1, CLAIM), event(4, 0, b"\x92\x02\x01"))

    assert "damaged" in made.problem
    assert made.journals[3].epoch == 1


def test_what_had_a_problem_is_read_anew_and_never_taken_for_whole() -> None:
    made = store()
    made.open({3: 0, 4: 0})
    apply(made, event(3, 0, b"\xff"), event(3, 1, CLAIM))
    made.open({3: 0})

    assert made.problem == ""
    assert persisted(made, 3) == -1, "or the damage would be behind what is read, and forgotten"


def test_what_is_left_over_from_a_reading_before_is_passed_over() -> None:
    made = store()
    made.open({3: 7})
    apply(made, event(3, 9, CLAIM), event(4, 0, CLAIM))

    assert (persisted(made, 3), persisted(made, 4)) == (6, -1)
