"""Dead letters: bytes and headers as they came, the reason added."""

from collections.abc import Sequence

from models.events.parsing import Refusal
from streams.shard.dead_letters import DeadLetter, dead_letter
from tests.unit.streams.kafka.written import sent

REFUSAL = Refusal("missing_field", "campaign_id: required – été")
OURS: list[tuple[str, bytes | None]] = [
    ("__connect.errors.topic", b"team.clicks"),
    ("__connect.errors.partition", b"3"),
    ("__connect.errors.offset", b"41"),
    ("__connect.errors.exception.class.name", b"missing_field"),
    ("__connect.errors.exception.message", "campaign_id: required – été".encode()),
]


def letter(
    headers: Sequence[tuple[str, bytes | None]] = (), key: bytes | None = b"k", value: bytes | None = b"{}"
) -> DeadLetter:
    return dead_letter("team.clicks", 3, sent(41, value, key=key, headers=headers), REFUSAL)


def test_the_reason_and_the_place_are_added_in_order() -> None:
    assert letter() == DeadLetter(b"k", b"{}", OURS)


def test_a_message_without_headers_key_and_value_is_written_as_it_is() -> None:
    assert letter((), None, None) == DeadLetter(None, None, OURS)


def test_headers_are_kept_in_their_order_even_where_repeated_or_null() -> None:
    came = (("trace", b"1"), ("b", None), ("trace", b"2"), ("a", b""))

    assert letter(came).headers == [*came, *OURS]


def test_a_producer_cannot_forge_the_reason_or_the_place() -> None:
    came = [("__connect.errors.topic", None), ("__connect.errors.exception.class.name", b"forged")]

    headers = letter(came).headers

    assert headers == [*came, *OURS]
    assert dict(headers) == dict(OURS)
