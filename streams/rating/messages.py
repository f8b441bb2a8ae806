"""What a worker and the process that rates for it say to each other: MessagePack, each with its length."""

from typing import Literal, NamedTuple

import msgspec

from models.sentiment.asking import Texts

LENGTH_BYTES = 4
_ORDER: Literal["little"] = "little"


class Greeting(NamedTuple):
    """What the process says first: the model that it rates with, or why it cannot rate."""

    model: str
    problem: str


class Answer(NamedTuple):
    """What the next texts are rated as, a number each (models.sentiment.asking), and the seconds it took."""

    verdicts: bytes
    seconds: float


def framed(message: Texts | Greeting | Answer) -> bytes:
    """Write a message."""
    content = msgspec.msgpack.encode(message)
    return len(content).to_bytes(LENGTH_BYTES, _ORDER) + content


def length_of(written: bytes) -> int:
    """Return how many bytes follow those that say how many."""
    return int.from_bytes(written, _ORDER)


def read_texts(content: bytes) -> Texts:
    """Read what is to be rated."""
    return msgspec.msgpack.decode(content, type=Texts)


def read_greeting(content: bytes) -> Greeting:
    """Read what the process says first."""
    return msgspec.msgpack.decode(content, type=Greeting)


def read_answer(content: bytes) -> Answer:
    """Read what texts are rated as."""
    return msgspec.msgpack.decode(content, type=Answer)
