"""Commands, options and settings that the pages name are there."""

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest

from commands.main import main
from models.settings import Settings
from tests.unit.docs.written import PAGES, page_id

IN_TEXT = re.compile(r"`kpis ([^`\n]+)`")
IN_BLOCK = re.compile(r"^ {0,4}(?:[\w~$./-]*/)?kpis ((?:-|[a-z]).*)$", re.MULTILINE)
BEHIND = re.compile(r"\s+#.*$|\s*[|<>;].*$|\s*\\$")
"""A comment, another command, a redirection, or that a line goes on."""
SETTINGS = {f"KPIS_{name.upper()}" for name in Settings.model_fields}


def commands_in(text: str) -> Iterator[list[str]]:
    """Yield what stands behind `kpis` on a page, word by word."""
    for said in (*IN_TEXT.findall(text), *IN_BLOCK.findall(text)):
        yield shlex.split(BEHIND.sub("", said))


def wrong(words: Sequence[str]) -> str | None:
    """Say what in a command is not there; what an option takes is not looked at."""
    command: click.Command = main
    rest = iter(words)
    for word in rest:
        if word.startswith("-") and word != "-":
            name, equals, _ = word.partition("=")
            option = next((one for one in command.params if name in (*one.opts, *one.secondary_opts)), None)
            if option is None and name != "--help":
                return f"no option {name}"
            if isinstance(option, click.Option) and not option.is_flag and not equals:
                next(rest, None)
        elif isinstance(command, click.Group) and word != "…":
            try:
                found = command.get_command(click.Context(command), word)
            except click.UsageError as error:
                return error.message
            if found is None:
                return f"no command {word}"
            command = found
    return None


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_a_command_that_a_page_names_is_there_with_its_options(path: Path) -> None:
    named = commands_in(path.read_text("utf-8"))

    assert {" ".join(words): why for words in named if (why := wrong(words))} == {}


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_a_setting_that_a_page_names_is_there(path: Path) -> None:
    assert set(re.findall(r"KPIS_[A-Z_]*[A-Z]", path.read_text("utf-8"))) <= SETTINGS


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("`kpis shwo`", "There is no command shwo: did you mean show?"),
        ("    /opt/bin/kpis campaigns aply FILE     # now", "no command aply"),
        ("    kpis --config x.toml import a.csv --mop b | less", "no option --mop"),
        ("    kpis --config a/kpis.toml campaigns apply --prune - < file", None),
    ],
)
def test_what_is_not_there_is_seen(text: str, why: str | None) -> None:
    assert [wrong(words) for words in commands_in(text)] == [why]
