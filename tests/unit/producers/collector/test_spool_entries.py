"""What is read back of the spool is what was written, however the bytes were spoiled meanwhile."""

from hypothesis import example, given
from hypothesis import strategies as st

from producers.collector.records import Numbered
from producers.collector.spool_entries import LARGEST, MARK, OVERHEAD, Entry, count, encode, parse

PRODUCER = b"0123456789abcdef"
values = (
    st.binary(max_size=60) | st.just(b'{"type":"click"}') | st.just(MARK + b"\0\0\0\1") | st.just(b"\0" * 40)
)
lots = st.lists(
    st.builds(
        Numbered,
        st.sampled_from(["clicks", "impressions"]),
        st.binary(max_size=8),
        values,
        st.just(PRODUCER),
        st.integers(0, 2**64 - 1),
    ),
    min_size=1,
    max_size=5,
)


def written(records: list[Numbered]) -> list[bytes]:
    return [encode(record, handed=number % 2 == 1) for number, record in enumerate(records)]


def records_of(entries: list[Entry]) -> list[Numbered]:
    return [entry.record for entry in entries]


@given(lots)
def test_whole_entries_are_read_back_as_they_were_written(records: list[Numbered]) -> None:
    entries = written(records)

    parsed = parse(b"".join(entries), final=True)

    assert records_of(parsed.entries) == records
    assert [entry.handed for entry in parsed.entries] == [number % 2 == 1 for number in range(len(records))]
    assert (parsed.damaged, parsed.consumed) == ([], sum(map(len, entries)))
    assert count(b"".join(entries)) == len(records)


@given(lots, st.data())
def test_of_a_torn_file_every_whole_entry_is_read_and_the_rest_is_told(
    records: list[Numbered], data: st.DataObject
) -> None:
    entries = written(records)
    whole = b"".join(entries)
    size = data.draw(st.integers(0, len(whole)))
    ends = [sum(map(len, entries[: number + 1])) for number in range(len(entries))]
    kept = sum(end <= size for end in ends)

    parsed = parse(whole[:size], final=True)

    assert records_of(parsed.entries) == records[:kept]
    told = sum(place.stop - place.start for place in parsed.damaged)
    assert told == size - sum(map(len, entries[:kept]))
    assert count(whole[:size]) == kept


@given(lots, st.data())
@example([Numbered("clicks", b"", MARK, PRODUCER, 0)] * 2, None)
def test_a_flipped_byte_costs_the_entry_that_it_is_in_and_no_other(
    records: list[Numbered], data: st.DataObject | None
) -> None:
    entries = written(records)
    whole = bytearray(b"".join(entries))
    place = data.draw(st.integers(0, len(whole) - 1)) if data else 5
    whole[place] ^= data.draw(st.integers(1, 255)) if data else 1
    hit = next(number for number in range(len(entries)) if place < sum(map(len, entries[: number + 1])))

    parsed = parse(bytes(whole), final=True)

    assert records_of(parsed.entries) == records[:hit] + records[hit + 1 :]
    assert sum(damage.stop - damage.start for damage in parsed.damaged) == len(entries[hit])


@given(lots, st.data())
def test_read_in_pieces_it_is_the_same(records: list[Numbered], data: st.DataObject) -> None:
    whole = b"".join(written(records))
    size = data.draw(st.integers(0, len(whole)))

    first = parse(whole[:size], final=False)
    rest = parse(whole[first.consumed :], final=True)

    assert records_of(first.entries + rest.entries) == records
    assert not first.damaged
    assert not rest.damaged


@given(st.binary(max_size=200), lots)
def test_of_garbage_no_record_is_made(garbage: bytes, records: list[Numbered]) -> None:
    whole = b"".join(written(records))

    parsed = parse(garbage + whole, final=True)

    assert records_of(parsed.entries) == records


def test_zeros_that_a_lost_block_leaves_are_no_record() -> None:
    record = Numbered("clicks", b"glow", b"{}", PRODUCER, 1)
    whole = encode(record, handed=False) + bytes(4096) + encode(record, handed=True)

    parsed = parse(whole, final=True)

    assert records_of(parsed.entries) == [record, record]
    assert [place.stop - place.start for place in parsed.damaged] == [4096]


def test_a_length_beyond_all_records_is_damage_and_nothing_to_wait_for() -> None:
    record = Numbered("clicks", b"glow", b"{}", PRODUCER, 1)
    spoiled = bytearray(encode(record, handed=False))
    spoiled[4:8] = (LARGEST + 1).to_bytes(4, "little")

    parsed = parse(bytes(spoiled) + encode(record, handed=False), final=False)

    assert records_of(parsed.entries) == [record]
    assert count(bytes(spoiled)) == 0


def test_an_entry_takes_no_more_room_than_is_reckoned() -> None:
    record = Numbered("engagements", b"glow", b'{"a":1}', PRODUCER, 2**64 - 1)

    assert len(encode(record, handed=True)) <= OVERHEAD + len(record.key) + len(record.value)
