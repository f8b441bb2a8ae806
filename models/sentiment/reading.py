"""What speaks for a verdict in the sentences of a text, each word as its neighbours change it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.sentiment.lexicon import Lexicon, Meaning, longest
from models.sentiment.tokens import Sentence, is_word

_DOUBTED = -1.5
"""The strength of praise in quotation marks: their "premium" service."""
_VERB_TO_NEGATION = 2
"""How many words further a negation stands at most that changes a verb before it: `j'aime vraiment pas`."""


@dataclass(slots=True)
class Part:
    """A word, phrase or sign, and its strength where it stands; the sentence and word that it ends at."""

    meaning: Meaning
    strength: float
    is_sign: bool
    end: int
    is_negated: bool = False


@dataclass(slots=True)
class Reading:
    """What was found in a text; the most words that it may have to be settled as neutral, where it may.

    `questions` is how many of its sentences ask.
    """

    parts: list[Part] = field(default_factory=list)
    irony: list[Part] = field(default_factory=list)
    signs: set[str] = field(default_factory=set)
    settles_up_to: float = 0.0
    questions: int = 0


def read_sentences(sentences: Sequence[Sentence], lexicon: Lexicon, own: Lexicon) -> Reading:
    """Read sentences by a lexicon; what is in one's own is not looked up in it."""
    reading = Reading()
    begins = 0
    for sentence in sentences:
        began, begins = begins, len(reading.parts)
        _SentenceReader(sentence, reading, began, lexicon).read(own)
    return reading


class _SentenceReader:
    def __init__(self, sentence: Sentence, reading: Reading, before: int, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._sentence, self._words = sentence, sentence.words
        self._reading = reading
        self._parts = reading.parts
        self._before, self._begins = before, len(reading.parts)
        self._negation, self._negated_to = 1.0, 0
        self._degree, self._degree_to = 1.0, 0
        self._least = 0.0
        self._contrasts: list[tuple[int, int, float]] = []

    def read(self, own: Lexicon) -> None:
        """Read the words from the first to the last."""
        owned = all_matches(self._sentence, own) if own else {}
        end = 0
        for at, word in enumerate(self._words):
            if at < end or (word not in self._lexicon and at not in owned):
                continue
            found = owned.get(at) or longest(self._lexicon, self._sentence, at)
            if found is None or (owned and any(start in owned for start in range(at + 1, found[0]))):
                continue
            end, meaning = found
            if meaning.alone and not self._changes_a_word(meaning, at, end):
                meaning = meaning._replace(role="strength", value=meaning.alone)
            self._apply(meaning, at, end)
        self._finish()

    def _apply(self, meaning: Meaning, at: int, end: int) -> None:
        role = meaning.role
        if role in ("strength", "own"):
            self._add(meaning, at, end)
        elif role == "negation":
            self._negate(meaning, at, end)
        elif role == "degree":
            self._degree = meaning.value * (self._degree if at < self._degree_to else 1.0)
            self._degree_to = self._reach(end, meaning.reaches)
        elif role == "question":
            self._least = max(self._least, meaning.value)
        elif role == "contrast":
            self._weaken(meaning.value, begin=self._before if at == 0 else self._begins)
            self._negated_to = at
        elif role == "irony":
            self._reading.irony.append(Part(meaning, meaning.value, True, end))
        else:
            self._reading.settles_up_to = max(self._reading.settles_up_to, meaning.value)

    def _add(self, meaning: Meaning, at: int, end: int) -> None:
        is_sign = not is_word(self._words[at])
        is_repeated = is_sign and meaning.entry in self._reading.signs
        if is_sign:
            self._reading.signs.add(meaning.entry)
        if meaning.value and not is_repeated:
            part = Part(meaning, meaning.value, is_sign, end)
            if at in self._sentence.quoted and meaning.value > 0 and meaning.role != "own":
                part.strength = _DOUBTED
            elif not meaning.only_hints:
                self._change(part, at)
            self._parts.append(part)

    def _change(self, part: Part, at: int) -> None:
        """Reckon in the degree and negation that reach a word."""
        if at < self._degree_to:
            part.strength *= self._degree
        if at < self._negated_to and not self._is_negation(at, part.end):
            part.strength *= self._negation
            part.is_negated = True

    def _weaken(self, factor: float, begin: int) -> None:
        if factor != 1:
            self._contrasts.append((begin, len(self._parts), factor))

    def _is_negation(self, at: int, end: int) -> bool:
        """Return whether a phrase is a negation itself, as in `n'a rien à voir`: two of them are one."""
        node = self._lexicon.get(self._words[at]) if end > at + 1 else None
        return node is not None and node.meaning is not None and node.meaning.role == "negation"

    def _negate(self, meaning: Meaning, at: int, end: int) -> None:
        self._negation = meaning.value
        self._negated_to = max(self._negated_to, self._reach(end, meaning.reaches))
        verb = self._verb_before(at)
        if verb:
            verb.strength *= self._negation
            verb.is_negated = True

    def _verb_before(self, at: int) -> Part | None:
        """Return the verb that a negation at a word changes, if there is one, and none has changed it."""
        recent = self._parts[max(self._begins, len(self._parts) - _VERB_TO_NEGATION - 1) :]
        last = next((part for part in reversed(recent) if not part.meaning.only_hints), None)
        if last is None or not last.meaning.is_verb or last.is_negated or at - last.end >= _VERB_TO_NEGATION:
            return None
        return last if self._reach(last.end, at - last.end + 1) > at else None

    def _reach(self, start: int, words: int) -> int:
        """Return the word before which a reach ends: after so many words, or at a pause."""
        for word in range(start, start + words):
            if word in self._sentence.pauses:
                return word
        return start + words

    def _changes_a_word(self, meaning: Meaning, at: int, end: int) -> bool:
        if meaning.role == "negation" and self._verb_before(at):
            return True
        reached = range(end, min(self._reach(end, meaning.reaches), len(self._words)))
        found = (longest(self._lexicon, self._sentence, word) for word in reached)
        return any(one[1].judges for one in found if one)

    def _finish(self) -> None:
        followed = [contrast for contrast in self._contrasts if len(self._parts) > contrast[1]]
        for begin, end, factor in followed[-1:]:
            for part in self._parts[begin:end]:
                part.strength *= factor
        if self._least:
            self._reading.questions += 1
            asked = self._parts[self._begins :]
            self._parts[self._begins :] = [part for part in asked if abs(part.meaning.value) >= self._least]


def all_matches(sentence: Sentence, own: Lexicon) -> dict[int, tuple[int, Meaning]]:
    """Return the longest phrase that begins at each word where one does: where it ends, and what it means."""
    found = ((at, longest(own, sentence, at)) for at in range(len(sentence.words)))
    return {at: match for at, match in found if match}
