"""Segments: the files of the spool, each written at its end, read once from its start, then deleted."""

import errno
import logging
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from producers.collector.spool_entries import Parsed, parse

log = logging.getLogger(__name__)

SUFFIX = ".spool"
_DAMAGED = ".damaged"
_CHUNK = 256 * 1024
_WHOLE_ENTRY = 4 << 20
"""Bytes that hold any entry, wherever it begins."""


class Segment:
    """A file of entries, begun at a time (seconds since 1970); `size` bytes are on disk, `cursor` were read.

    `unsettled` counts the lots in it that Kafka has not acknowledged, `events` their records and those
    that are unread. `ours` is one that this process writes: what of it had been handed to the sender is not
    read back.
    """

    def __init__(self, path: Path, begun: float, *, size: int = 0, events: int = 0, ours: bool) -> None:
        self.path = path
        self.begun = begun
        self.size = size
        self.events = events
        self.ours = ours
        self.cursor = 0
        self.unsettled = 0
        self._file: int | None = None
        self._is_kept = False

    @property
    def is_over(self) -> bool:
        """Return whether all in it was read and acknowledged."""
        return self.cursor == self.size and not self.unsettled

    def append(self, data: bytes) -> None:
        """Write and sync some entries behind `size`, which the caller then moves; the first create the file.

        Raises:
            OSError: nothing was added, or nobody knows what: the segment takes nothing more.

        """
        if self._file is None:
            self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            sync_folder(self.path.parent)
        left = memoryview(data)
        while left:
            left = left[os.write(self._file, left) :]
        os.fdatasync(self._file)

    def seal(self) -> None:
        """Write no more to it, and take away what was not written whole, as far as the disk lets us.

        A failed sync is not tried again: the system may have dropped the pages, and say that all is well.
        """
        if self._file is None:
            return
        file, self._file = self._file, None
        for last in (partial(os.ftruncate, file, self.size), partial(os.close, file)):
            try:
                last()
            except OSError as error:
                log.warning("Behind its first %d bytes %s may hold what was not kept (%s).",
                            self.size, self.path, error.strerror)  # fmt: skip

    def read(self) -> tuple[Parsed, bytes]:
        """Read what follows the cursor: some whole entries, with what is damaged between them, and the bytes.

        Raises:
            OSError: the file cannot be read.

        """
        left = self.size - self.cursor
        parsed, data = self._read(min(_CHUNK, left), left)
        return (parsed, data) if parsed.consumed else self._read(min(_WHOLE_ENTRY, left), left)

    def _read(self, most: int, left: int) -> tuple[Parsed, bytes]:
        with self.path.open("rb") as file:
            file.seek(self.cursor)
            data = file.read(most)
        if len(data) < most:
            raise OSError(errno.EIO, "it is shorter than what was written to it", str(self.path))
        return parse(data, final=most == left), data

    def set_aside(self, data: bytes, damaged: Sequence[slice]) -> None:
        """Keep damaged bytes in files beside the segments, where nothing reads or deletes them.

        Where that fails, the whole segment is kept so, once it is over.
        """
        for place in damaged:
            start = self.cursor + place.start
            kept = self.path.with_name(f"{self.path.stem}-{start}{_DAMAGED}")
            try:
                kept.write_bytes(data[place])
            except OSError:
                kept = self.keep()
            log.error("%s is damaged from byte %d to %d. What is whole around that is sent; these bytes are "
                      "set aside in %s.", self.path, start, self.cursor + place.stop, kept)  # fmt: skip

    def keep(self) -> Path:
        """Let the file be kept once it is over; return the name that it then has."""
        self._is_kept = True
        return self.path.with_suffix(_DAMAGED)

    def abandon(self, error: OSError) -> None:
        """Read no more of it: the disk does not give it back."""
        self.cursor = self.size
        log.error("%s cannot be read (%s). What was not sent of it is set aside in %s.",
                  self.path, error.strerror, self.keep())  # fmt: skip

    def delete(self) -> None:
        """Delete the file, for all that it held is acknowledged; or set it aside, if it is damaged."""
        self.seal()
        try:
            if self._is_kept:
                self.path.rename(self.path.with_suffix(_DAMAGED))
            else:
                self.path.unlink(missing_ok=True)
        except OSError as error:
            log.error("%s cannot be deleted (%s): what it holds will be sent again after a restart.",
                      self.path, error.strerror)  # fmt: skip


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
