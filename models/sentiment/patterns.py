"""How data files write the forms of a word: `bonit(o|a)(s)`, `ador~er`, `can't stop (using|wearing)`.

`(x)` may be there or not; `(x|y)` is one of them; `(|x|y)` one of them or nothing, and each may hold others;
`~name` is any ending of that name; `*` is any one word, `**` none to three; at `…` there may be a comma, and
at the end of a phrase there must be one: `bueno …`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

_PIECE = re.compile(r"[()|]|~\w+|[^()|~]+")
_MOST_FORMS = 1000

Endings = Mapping[str, Sequence[str]]


class PatternError(Exception):
    """An entry of a data file cannot be read; the message says why."""


def entries(listed: str) -> Iterator[str]:
    """Yield the entries of a list with commas between them, line breaks being spaces."""
    for entry in listed.split(","):
        if words := " ".join(entry.split()):
            yield words


def forms(entry: str, endings: Endings) -> list[str]:
    """List the words or phrases that an entry stands for.

    Raises:
        PatternError: a bracket stays open, an ending has no such name, or there are too many forms.

    """
    pieces = _PIECE.findall(entry)
    reader = _Reader(entry, pieces, endings)
    found = [form for choice in reader.choices() for form in choice]
    if reader.read != len(pieces) or "".join(pieces) != entry:
        raise PatternError(f"{entry!r}: brackets do not fit, or ~ stands without a name")
    return list(dict.fromkeys(" ".join(form.split()) for form in found))


class _Reader:
    def __init__(self, entry: str, pieces: Sequence[str], endings: Endings) -> None:
        self._entry, self._pieces, self._endings = entry, pieces, endings
        self.read = 0

    def choices(self) -> list[list[str]]:
        """Read what stands between bars up to a closing bracket, or the end: the forms of each choice."""
        found = [[""]]
        while self.read < len(self._pieces) and (piece := self._pieces[self.read]) != ")":
            self.read += 1
            if piece == "|":
                found.append([""])
            else:
                found[-1] = self._joined(found[-1], self._meant(piece))
        return found

    def _meant(self, piece: str) -> Iterable[str]:
        if piece == "(":
            return self._bracket()
        if not piece.startswith("~"):
            return (piece,)
        if piece[1:] not in self._endings:
            raise PatternError(
                f"{self._entry!r}: there is no ending {piece}; there are ~{', ~'.join(self._endings)}"
            )
        return self._endings[piece[1:]]

    def _bracket(self) -> list[str]:
        choices = self.choices()
        if self.read == len(self._pieces):
            raise PatternError(f"{self._entry!r}: a bracket stays open")
        self.read += 1
        optional = [""] if len(choices) == 1 else []
        return [*optional, *(form for choice in choices for form in choice)]

    def _joined(self, begun: list[str], more: Iterable[str]) -> list[str]:
        joined = [form + ending for form in begun for ending in more]
        if len(joined) > _MOST_FORMS:
            raise PatternError(f"{self._entry!r} stands for more than {_MOST_FORMS:,} forms")
        return joined
