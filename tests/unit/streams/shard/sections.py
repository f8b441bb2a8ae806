"""Sections for tests, made of records and read as such."""

from collections.abc import Sequence

import numpy as np

from streams.kafka.raw_records import Record
from streams.shard.bundles import Section, records_of_sections
from streams.shard.forwarding import sections_of
from tests.unit.streams.kafka.written import raw_records


def section_of(topic: str, partition: int, start: int, end: int, records: Sequence[Record] = ()) -> Section:
    """Return what came for a shard on a partition between two offsets."""
    if not records:
        return Section(topic, partition, start, end, 0, 0, b"")
    (section,) = cut(topic, partition, start, end, records)
    return section


def cut(topic: str, partition: int, start: int, end: int, records: Sequence[Record]) -> list[Section]:
    """Divide records into sections that each fit into a record."""
    return sections_of(topic, partition, start, end, raw_records(records), np.arange(len(records)))


def records_in(section: Section) -> list[Record]:
    """Read a section."""
    (found,) = records_of_sections([section])
    assert found is not None
    return list(found)
