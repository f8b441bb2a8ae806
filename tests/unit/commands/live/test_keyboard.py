"""What a terminal sends is read as keys, and its settings come back."""

import os
import termios
import threading
from collections.abc import Iterator

import pytest

from commands.live.keyboard import decode, keyboard


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Return the two ends of a terminal: who types, and who reads."""
    ends = os.openpty()
    yield ends
    for end in ends:
        os.close(end)


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("q", ["q"]), ("jk?", ["j", "k", "?"]), ("\x1b[A\x1bOB", ["up", "down"]), ("\x1b", ["esc"]),
        ("\r", ["enter"]), ("\n", ["enter"]), ("\x7f\x08", ["backspace", "backspace"]),
        ("\x1b[5~\x1b[6~", ["pageup", "pagedown"]), ("\x1b[Z\t", ["backtab", "tab"]),
        ("\x1b[1;5Cq", ["q"]), ("\x1b[<0;1;1Mq", ["q"]), ("\x1a\x00", []), ("é", ["é"]),
    ],
)  # fmt: skip
def test_keys_are_named_and_what_is_none_of_ours_is_passed_over(sent: str, keys: list[str]) -> None:
    assert decode(sent) == keys


def test_keys_come_at_once_and_unseen_and_the_settings_come_back(terminal: tuple[int, int]) -> None:
    typing, reading = terminal
    before = termios.tcgetattr(reading)
    with pytest.raises(RuntimeError), keyboard(reading) as keys:
        os.write(typing, b"j")
        assert keys.keys(5) == ["j"]
        assert not termios.tcgetattr(reading)[3] & (termios.ECHO | termios.ICANON)
        raise RuntimeError
    assert termios.tcgetattr(reading) == before


def test_a_sequence_that_comes_in_two_pieces_is_one_key(terminal: tuple[int, int]) -> None:
    typing, reading = terminal
    with keyboard(reading, rest=10) as keys:
        os.write(typing, b"\x1b[")
        later = threading.Timer(0.05, os.write, (typing, b"A"))
        later.start()
        assert keys.keys(5) == ["up"]
        later.join()


def test_an_esc_that_nothing_follows_is_a_key(terminal: tuple[int, int]) -> None:
    typing, reading = terminal
    with keyboard(reading) as keys:
        os.write(typing, b"\x1b")
        assert keys.keys(5) == ["esc"]


def test_suspending_is_no_signal(terminal: tuple[int, int]) -> None:
    typing, reading = terminal
    with keyboard(reading) as keys:
        os.write(typing, b"\x1aj")
        assert keys.keys(5) == ["j"]
