"""ruamel's scanner, with tabs where YAML 1.2 lets them separate: ruamel forbids them outside of quotes.

Each method takes the place of ruamel's, and differs from it in tabs alone. tests/unit/models/campaigns/
test_yaml_differential.py compares what comes of it with libyaml.
"""

import re
from typing import Any

from ruamel.yaml.scanner import Scanner, ScannerError

_BLANK = " \t"
_BREAK = "\r\n"
_END = "\0\r\n"
_INDICATORS = re.compile(r"(?P<chomp>[+-])?(?P<indent>[1-9])?|(?P<indent_2>[1-9])(?P<chomp_2>[+-])")


class TabScanner(Scanner):
    """Reads tabs as white space between tokens; what they indent is wrong, as in YAML."""

    def scan_to_next_token(self) -> None:
        """Skip white space, comments and line breaks."""
        reader = self.reader
        if reader.index == 0 and reader.peek() == "\ufeff":
            reader.forward()
        while True:
            self._skip_blanks()
            if reader.peek() == "#":
                while reader.peek() not in _END:
                    reader.forward()
            if not self.scan_line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def _skip_blanks(self) -> None:
        reader = self.reader
        begins_line = reader.column == 0
        while reader.peek() == " ":
            reader.forward()
        if reader.peek() != "\t":
            return
        length = _count_blanks(reader)
        is_separation = reader.column > self.indent if begins_line else True
        if self.flow_level or is_separation or reader.peek(length) in "#" + _END:
            # What follows a tab cannot begin a block: its column would depend on the tab's width.
            self.allow_simple_key = self.allow_simple_key and bool(self.flow_level)
            reader.forward(length)

    # ruamel calls it with the mark, for its messages.
    def scan_plain_spaces(self, indent: int, start_mark: Any) -> list[str] | None:  # noqa: ARG002
        """Return the white space within a plain scalar, line breaks folded; None where a document ends."""
        reader = self.reader
        length = _count_blanks(reader)
        blanks = reader.prefix(length)
        reader.forward(length)
        if reader.peek() not in _BREAK:
            return [blanks] if blanks else []
        breaks = [self.scan_line_break()]
        self.allow_simple_key = True
        while True:
            if reader.prefix(3) in ("---", "...") and reader.peek(3) in _BLANK + _END:
                return None
            self._skip_line_prefix(indent)
            if reader.peek() not in _BREAK:
                return [" "] if len(breaks) == 1 else breaks[1:]
            breaks.append(self.scan_line_break())

    def _skip_line_prefix(self, indent: int) -> None:
        reader = self.reader
        while reader.peek() == " ":
            reader.forward()
        length = _count_blanks(reader)
        if reader.column >= indent or self.flow_level or reader.peek(length) in _END:
            reader.forward(length)

    def scan_block_scalar_indicators(self, start_mark: Any) -> tuple[bool | None, int | None]:
        """Return what follows `|` or `>`: whether line breaks at the end stay, and the indentation."""
        reader = self.reader
        length = 0
        while reader.peek(length) in "+-0123456789":
            length += 1
        found = _INDICATORS.fullmatch(reader.prefix(length))
        if found is None or reader.peek(length) not in _BLANK + _END:
            problem = "expected an indentation (1 to 9), + or -, and nothing else but a comment"
            raise ScannerError("while scanning a block scalar", start_mark, problem, reader.get_mark())
        reader.forward(length)
        chomp, indent = found["chomp"] or found["chomp_2"], found["indent"] or found["indent_2"]
        return (chomp == "+" if chomp else None), (int(indent) if indent else None)

    def scan_block_scalar_ignored_line(self, start_mark: Any) -> str | None:
        """Skip the rest of a block scalar's first line."""
        reader = self.reader
        reader.forward(_count_blanks(reader))
        comment: str | None = super().scan_block_scalar_ignored_line(start_mark)
        return comment


def _count_blanks(reader: Any) -> int:
    length = 0
    while reader.peek(length) in _BLANK:
        length += 1
    return length
