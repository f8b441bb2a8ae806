"""What a terminal shows of an app, as text."""

import html
import re

from commands.live.app import LiveApp

_TEXT = re.compile(r'<text class="[^"]*" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>')
_CHARACTER = 12.2
"""The width of a character in the picture that Textual exports."""


def lines_of(app: LiveApp) -> list[str]:
    """Return the lines of a screen, without colours."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for found in _TEXT.finditer(app.export_screenshot()):
        text = html.unescape(found[3]).replace("\xa0", " ").rstrip("\n")
        rows.setdefault(float(found[2]), []).append((float(found[1]), text))
    lines = []
    for _, parts in sorted(rows.items()):
        line = ""
        for at, text in sorted(parts):
            line = line.ljust(round(at / _CHARACTER)) + text
        lines.append(line.rstrip())
    return lines


def text_of(app: LiveApp) -> str:
    """Return what a screen shows as one text."""
    return "\n".join(lines_of(app))
