"""What each word and phrase of a language does, found from its first word on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from models.sentiment.data_files import Role
from models.sentiment.tokens import Sentence

PAUSE = "…"
"""Stands in a phrase where a comma may be, or must, if it is the last; in no other place is one."""
ANY_WORD, GAP = "*", "**"
"""Stand in a phrase for any one word, and for none to three."""
_LONGEST_GAP = 3


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


@dataclass(slots=True)
class Node:
    """The phrases that begin with the same words: what they mean so far, and what may follow."""

    meaning: Meaning | None = None
    following: dict[str, "Node"] = field(default_factory=dict)


_NOTHING = Node()
Lexicon = Mapping[str, Node]
"""Phrases by their first word."""


def longest(lexicon: Lexicon, sentence: Sentence, at: int) -> tuple[int, Meaning] | None:
    """Return the longest phrase that begins at a word: where it ends, and what it means."""
    node = lexicon.get(sentence.words[at])
    return None if node is None else _longest(node, sentence, at + 1)


def _longest(node: Node, sentence: Sentence, end: int) -> tuple[int, Meaning] | None:
    found = None if node.meaning is None else (end, node.meaning)
    following = node.following
    if following and end in sentence.pauses:
        pause = following.get(PAUSE, _NOTHING)
        found = found if pause.meaning is None else (end, pause.meaning)
        following = pause.following
    if following and end < len(sentence.words):
        for next_node, after in _steps(following, sentence, end):
            longer = _longest(next_node, sentence, after)
            if longer and (found is None or longer[0] > found[0]):
                found = longer
    return found


def _steps(following: Lexicon, sentence: Sentence, end: int) -> Iterator[tuple[Node, int]]:
    """Yield how phrases go on at a word: by the word itself, by any, and over a gap."""
    for word in (sentence.words[end], ANY_WORD):
        if word in following:
            yield following[word], end + 1
    if GAP in following:
        behind = following[GAP].following
        for start in range(end, min(end + _LONGEST_GAP + 1, len(sentence.words))):
            if start > end and start in sentence.pauses:
                return
            if sentence.words[start] in behind:
                yield behind[sentence.words[start]], start + 1


def vocabulary(lexicon: Lexicon) -> Iterator[str]:
    """Yield the words of all phrases."""
    nodes: list[Iterable[tuple[str, Node]]] = [lexicon.items()]
    while nodes:
        for word, node in nodes.pop():
            yield word
            nodes.append(node.following.items())


def lexicon_of(phrases: Mapping[tuple[str, ...], Meaning]) -> dict[str, Node]:
    """Arrange phrases by their words; where a pause may be, there may also be none."""
    lexicon: dict[str, Node] = {}
    for phrase, meaning in phrases.items():
        _put(lexicon, phrase, meaning)
        if PAUSE in phrase[:-1]:
            plain = tuple(word for word in phrase if word != PAUSE)
            if plain not in phrases:
                _put(lexicon, plain, meaning)
    return lexicon


def _put(lexicon: dict[str, Node], phrase: tuple[str, ...], meaning: Meaning) -> None:
    node = Node(following=lexicon)
    for word in phrase:
        if word not in node.following:
            node.following[word] = Node()
        node = node.following[word]
    node.meaning = meaning
