"""What each word and phrase of a language does, found from its first word on."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from models.sentiment.data_files import Role
from models.sentiment.tokens import Sentence

LEAST = 1.0
"""How far from 0 the sum of strengths is at least where a text is positive or negative; a word that is weaker
only hints."""
PAUSE = "…"
"""Stands in a phrase where a comma may be, or must, if it is the last; in no other place is one."""
ANY_WORD, GAP = "*", "**"
"""Stand in a phrase for any one word, and for none to three."""
_LONGEST_GAP = 3
GROUP = "@"
"""Begins the name of a group of words, which stands in a phrase for any of them: `my @person stole`."""

Members = Mapping[str, Collection[str]]
"""The words of each group."""


class Meaning(NamedTuple):
    """What a word or phrase does (see `Rule.role`), by which number, how far; and what explains it.

    `alone` is the strength of a degree or negation that changes no other word: `super`, `même pas` in French.
    """

    role: Role | Literal["own"]
    value: float
    reaches: int
    entry: str
    is_verb: bool = False
    alone: float = 0.0

    @property
    def only_hints(self) -> bool:
        """Return whether it takes several such words to judge."""
        return self.role == "strength" and 0 < abs(self.value) < LEAST

    @property
    def judges(self) -> bool:
        """Return whether such a word judges where it stands alone."""
        return max(abs(self.value) if self.role == "strength" else 0.0, abs(self.alone)) >= LEAST


@dataclass(slots=True)
class Node:
    """The phrases that begin with the same words: what they mean so far, and what may follow.

    `grouped` holds, by word, what follows where the phrase names a group that the word is in.
    """

    meaning: Meaning | None = None
    following: dict[str, "Node"] = field(default_factory=dict)
    grouped: dict[str, tuple["Node", ...]] = field(default_factory=dict)

    def after(self, word: str) -> Iterator["Node"]:
        """Yield what follows a word: named itself, and as one of a group."""
        if word in self.following:
            yield self.following[word]
        yield from self.grouped.get(word, ())


_NOTHING = Node()
Lexicon = Mapping[str, Node]
"""Phrases by their first word."""


def longest(lexicon: Lexicon, sentence: Sentence, at: int) -> tuple[int, Meaning] | None:
    """Return the longest phrase that begins at a word: where it ends, and what it means."""
    node = lexicon.get(sentence.words[at])
    return None if node is None else _longest(node, sentence, at + 1)


def _longest(node: Node, sentence: Sentence, end: int) -> tuple[int, Meaning] | None:
    found = None if node.meaning is None else (end, node.meaning)
    if node.following and end in sentence.pauses:
        node = node.following.get(PAUSE, _NOTHING)
        found = found if node.meaning is None else (end, node.meaning)
    if node.following and end < len(sentence.words):
        for next_node, after in _steps(node, sentence, end):
            longer = _longest(next_node, sentence, after)
            if longer and (found is None or longer[0] > found[0]):
                found = longer
    return found


def _steps(node: Node, sentence: Sentence, end: int) -> Iterator[tuple[Node, int]]:
    """Yield how phrases go on at a word: by the word itself, by any, and over a gap."""
    for after in node.after(sentence.words[end]):
        yield after, end + 1
    if ANY_WORD in node.following:
        yield node.following[ANY_WORD], end + 1
    if GAP in node.following:
        behind = node.following[GAP]
        for start in range(end, min(end + _LONGEST_GAP + 1, len(sentence.words))):
            if start > end and start in sentence.pauses:
                return
            for after in behind.after(sentence.words[start]):
                yield after, start + 1


def vocabulary(lexicon: Lexicon) -> Iterator[str]:
    """Yield the words of all phrases."""
    nodes: list[Mapping[str, Node]] = [lexicon]
    while nodes:
        for word, node in nodes.pop().items():
            yield word
            yield from node.grouped
            nodes.append(node.following)


def lexicon_of(phrases: Mapping[tuple[str, ...], Meaning], groups: Members | None = None) -> dict[str, Node]:
    """Arrange phrases by their words; where a pause may be, there may also be none."""
    lexicon: dict[str, Node] = {}
    for phrase, meaning in phrases.items():
        _put(lexicon, phrase, meaning)
        if PAUSE in phrase[:-1]:
            plain = tuple(word for word in phrase if word != PAUSE)
            if plain not in phrases:
                _put(lexicon, plain, meaning)
    for node in lexicon.values():
        _point_from_groups(node, groups or {})
    return lexicon


def _point_from_groups(node: Node, groups: Members) -> None:
    for word, following in node.following.items():
        _point_from_groups(following, groups)
        for member in groups.get(word, ()):
            node.grouped[member] = (*node.grouped.get(member, ()), following)


def _put(lexicon: dict[str, Node], phrase: tuple[str, ...], meaning: Meaning) -> None:
    node = Node(following=lexicon)
    for word in phrase:
        if word not in node.following:
            node.following[word] = Node()
        node = node.following[word]
    node.meaning = meaning
