"""Records are written as they are read: keys, values and headers as they came."""

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.octets import padded
from models.core.record_batches import FARTHEST_MS, Extent, read_batches
from models.core.record_writing import most_bytes, write_records
from tests.unit.streams.kafka.written import raw_records, sent

BYTES = st.none() | st.binary(max_size=80)
HEADERS = st.lists(st.tuples(st.text(max_size=3), BYTES), max_size=2)
CONTENT = st.lists(st.tuples(BYTES, BYTES, HEADERS), min_size=1, max_size=6)


@pytest.mark.parametrize("start", [0, 1, 2**40, 2**61])
@pytest.mark.parametrize("times", [(0, 1), (FARTHEST_MS, 0), (0, FARTHEST_MS), (64, 8192)])
@given(CONTENT, st.randoms())
def test_the_records_chosen_are_read_as_they_came(
    start: int, times: tuple[int, int], content: list[Any], random: Random
) -> None:
    found = raw_records(
        sent(start + 3 * at, value, 1000 * times[at % 2], key, headers)
        for at, (key, value, headers) in enumerate(content)
    )
    lines = np.flatnonzero([random.random() < 0.7 for _ in content])
    base, first = max(0, start - random.randrange(200)), random.choice(times)
    written = write_records(found.records, found.places, lines, base, first)
    extent = Extent(0, len(written), 0, 0, base, 2**62, first, 0, len(lines))
    records, places, whole = read_batches(padded(written), [extent])

    assert whole == 1
    assert list(type(found)(records, places)) == found.at(lines.tolist())
    assert len(written) <= most_bytes(found.places, lines).sum()
