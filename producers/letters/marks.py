"""Which dead letters were sent again: a mark for each, in a compacted topic, under where it came from.

Not under the letter's own place: a crash or a rebuild repeats a letter, and copies name the same place. A
mark holds a hash of the record, too: in a topic that was made anew another record has that place.
"""

import hashlib
from collections.abc import Mapping, Sequence

from aiokafka import TopicPartition

from models.dead_letters import Letter, Origin
from producers.letters.log import Bounds, Extent, Log

_HASH_BYTES = 16


class Marks:
    """The marks that were read, and those set since; about 200 bytes of memory each."""

    def __init__(self) -> None:
        self._hashes: dict[bytes, bytes] = {}
        self._needed: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._hashes)

    def take(self, key: bytes, value: bytes | None) -> None:
        """Take what a record of the topic says: a mark, or that there is none any more."""
        if value is None:
            self._hashes.pop(key, None)
        else:
            self._hashes[key] = value

    def has(self, letter: Letter, origin: Origin) -> bool:
        """Return whether a letter was sent again."""
        return self._hashes.get(_key(origin)) == _hash(letter)

    def meet(self, origin: Origin) -> None:
        """Keep the mark of a letter that is still there, if it has one."""
        key = _key(origin)
        if key in self._hashes:
            self._needed.add(key)

    def set(self, letter: Letter, origin: Origin) -> tuple[bytes, bytes]:
        """Mark a letter; return key and value of the record that says so."""
        key, value = _key(origin), _hash(letter)
        self._needed.add(key)
        self._hashes[key] = value
        return key, value

    def outlived(self, extents: Sequence[Extent]) -> list[bytes]:
        """Return the keys of marks of which neither a letter was met nor the record is there any more.

        `extents` are those of the topics that records come from. While the record is there, a rebuild may
        make a letter of it once more.
        """
        bounds = {tp: found for extent in extents for tp, found in extent.items()}
        return [key for key in self._hashes if key not in self._needed and not _is_there(key, bounds)]


async def read_marks(log: Log, topic: str) -> Marks:
    """Read the marks of a topic."""
    marks = Marks()
    async for records in log.read(await log.extent(topic)):
        for record in records:
            marks.take(record.key or b"", record.value)
    return marks


def _is_there(key: bytes, bounds: Mapping[TopicPartition, Bounds]) -> bool:
    try:
        topic, partition, offset = key.decode().rsplit("/", 2)
        found = bounds.get(TopicPartition(topic, int(partition)))
        return found is not None and int(offset) >= found.first
    except ValueError:
        return False  # A stranger's record.


def _key(origin: Origin) -> bytes:
    return str(origin).encode()


def _hash(letter: Letter) -> bytes:
    digest = hashlib.blake2b(digest_size=_HASH_BYTES)
    for part in (letter.key, letter.value):
        digest.update(b"-" if part is None else b"%d:%b" % (len(part), part))
    return digest.hexdigest().encode()
