"""What a thread freed goes back to the system."""

import platform
import threading
from pathlib import Path

import pytest

from streams.journal.freed_memory import give_back_memory

PIECE, PIECES = 100_000, 1_000


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps it: run on Linux with glibc")
def test_what_a_thread_freed_is_given_back() -> None:
    seen: list[int] = []

    def work() -> None:
        pieces = [bytes([1]) * PIECE for _ in range(PIECES)]
        keeps_the_end_of_the_heap = bytes([1]) * PIECE
        pieces.clear()
        seen.append(resident_bytes())
        give_back_memory()
        seen.append(resident_bytes())
        del keeps_the_end_of_the_heap

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    kept, left = seen
    assert kept - left > PIECE * PIECES / 2
