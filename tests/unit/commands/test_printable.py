"""No text from elsewhere makes a terminal do anything; what people write in names stays as it is."""

import errno
import json
import logging
import os
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from ruamel.yaml import YAML

from commands.campaigns import _yaml
from commands.failure import Failure, sentence_of
from commands.listing import print_list
from commands.printable import LogFormatter, printable, printable_json, say
from commands.sending import progress
from tests.unit.commands.names import HARMLESS, HOSTILE

TEXTS = st.text(st.characters() | st.sampled_from("\x1b\x9b\n\u202e\u2028\ud83c\u200d"))


@pytest.mark.parametrize(("text", "expected"), HOSTILE.items())
def test_what_a_terminal_obeys_is_spelt_out(text: str, expected: str) -> None:
    assert printable(text) == expected


@pytest.mark.parametrize("text", HARMLESS)
def test_accents_emoji_and_their_joiners_stay(text: str) -> None:
    assert printable(text) == text


@given(TEXTS)
def test_nothing_that_steers_is_left_and_all_else_is(text: str) -> None:
    shown = printable(text)
    assert not any(
        unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(one) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        for one in shown
    )
    assert printable(shown) == shown
    assert shown == "".join(map(printable, text))
    assert all(printable(one) in (one, one.encode("unicode_escape").decode()) for one in text)
    shown.encode()


@given(st.dictionaries(TEXTS, TEXTS))
def test_json_is_safe_and_means_the_same(value: dict[str, str]) -> None:
    written = printable_json(value)
    assert json.loads(written) == value
    assert printable(written, keep="\n") == written


def test_a_line_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\nb\udcff")
    assert capsys.readouterr().out == "a\\nb\\udcff\n"


def test_an_error_keeps_its_own_lines_and_obeys_no_name() -> None:
    assert Failure("one\ntwo \x1b[2J").format_message() == "one\ntwo \\x1b[2J"


def test_a_log_record_is_one_line_and_its_traceback_below() -> None:
    form = LogFormatter("%(levelname)s %(message)s")
    try:
        raise ValueError("\x1b[2J")
    except ValueError:
        record = logging.LogRecord("n", logging.ERROR, "f", 1, "of %s", ("a\nERROR b",), sys.exc_info())
    first, *others = form.format(record).splitlines()
    assert first == r"ERROR of a\nERROR b"
    assert others[0] == "Traceback (most recent call last):"
    assert others[-1] == r"ValueError: \x1b[2J"


def test_rows_of_a_list_keep_their_shape(capsys: pytest.CaptureFixture[str]) -> None:
    names = [*HOSTILE, *HARMLESS]
    print_list(["name", "id"], [[name, "ID"] for name in names])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(names)
    assert len({cell_len(line.removesuffix("ID")) for line in lines[1:]}) == 1
    assert all(printable(line) == line for line in lines)


@pytest.mark.parametrize("text", ["f.csv:100: Views", "f.csv:1234: :warning: is no number", "[bold]a[/bold]"])
async def test_what_looks_like_the_name_of_an_emoji_is_printed_as_it_is(
    text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with progress(lambda: 0, quiet=True) as tell:
        tell(text)
    assert capsys.readouterr().err == text + "\n"

    monkeypatch.setenv("FORCE_COLOR", "1")
    print_list(["name", "id"], [[text, "ID"]])
    assert text in capsys.readouterr().out


@pytest.mark.parametrize("name", [*HOSTILE, *HARMLESS])
def test_a_campaign_is_written_as_yaml_that_is_safe_and_means_the_same(name: str) -> None:
    written = _yaml({"name": name, "owner": "Été"})
    assert printable(written, keep="\n") == written
    assert YAML(typ="safe", pure=True).load(written) == {"campaigns": [{"name": name, "owner": "Été"}]}


@pytest.mark.parametrize(
    ("number", "filename", "said"),
    [
        (errno.ENOSPC, "standard output", "standard output: No space left on device."),
        (errno.ENOSPC, None, "No space left on device."),
        (errno.ECONNRESET, None, None),
    ],
)
def test_what_the_machine_refuses_is_a_sentence_and_a_fault_of_ours_none(
    number: int, filename: str | None, said: str | None
) -> None:
    assert sentence_of(OSError(number, os.strerror(number), filename)) == said
