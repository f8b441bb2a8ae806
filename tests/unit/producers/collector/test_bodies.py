"""Bodies: inflated within bounds, read in time, their room given back."""

import asyncio
import gzip
import zlib
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
import zstandard
from aiohttp import StreamReader
from aiohttp.base_protocol import BaseProtocol
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from producers.collector.bodies import Room, body_of, inflated
from producers.collector.incoming import NotAccepted
from producers.collector.limits import BODY, INFLATED

SMALL = 4096
_zstd = zstandard.ZstdCompressor().compress


def half_a_body(*, connected: bool) -> StreamReader:
    loop = asyncio.get_running_loop()
    protocol = BaseProtocol(loop)
    protocol.transport = mock.Mock() if connected else None
    payload = StreamReader(protocol, 2**16, loop=loop)
    payload.feed_data(b"half of it")
    return payload


def refused(encoding: str, sent: bytes, room: Room | None = None) -> tuple[int, str]:
    with pytest.raises(NotAccepted) as caught:
        inflated(encoding, sent, room or Room())
    return caught.value.status, caught.value.reason


@given(st.binary(max_size=2000), st.sampled_from([("gzip", gzip.compress), ("zstd", _zstd)]))
def test_what_was_compressed_comes_back(body: bytes, by: tuple[str, Callable[[bytes], bytes]]) -> None:
    encoding, compress = by

    assert inflated(encoding, compress(body), Room()) == body
    assert inflated(encoding, compress(body) * 2, Room()) == body * 2


@given(st.binary(max_size=200), st.sampled_from(["gzip", "zstd", "", "identity", "X-GZIP "]))
def test_anything_is_a_body_or_refused(sent: bytes, encoding: str) -> None:
    try:
        assert len(inflated(encoding, sent, Room())) <= INFLATED
    except NotAccepted as error:
        assert (error.status, error.reason) in {(400, "broken_body"), (413, "too_large")}


@pytest.mark.parametrize(("encoding", "compress"), [("gzip", gzip.compress), ("zstd", _zstd)])
@pytest.mark.parametrize("cut", [1, 8])
def test_a_body_that_is_cut_off_is_broken(
    encoding: str, compress: Callable[[bytes], bytes], cut: int
) -> None:
    sent = compress(bytes(range(256)) * 400)

    assert refused(encoding, sent[:-cut]) == (400, "broken_body")


@pytest.mark.parametrize(("encoding", "compress"), [("gzip", gzip.compress), ("zstd", _zstd)])
def test_a_bomb_is_refused_while_it_grows(encoding: str, compress: Callable[[bytes], bytes]) -> None:
    bomb, room = compress(bytes(10 * INFLATED)), Room()

    assert len(bomb) < BODY
    assert refused(encoding, bomb, room) == (413, "too_large")
    assert room.taken <= INFLATED


class Whole(bytes):
    """A body of which only small pieces may be taken."""

    def __getitem__(self, place: Any) -> Any:
        piece = super().__getitem__(place)
        assert len(piece) <= SMALL, "what follows a frame is copied for each of them"
        return piece


class Watched:
    """A member of a gzip that notes how much it is given at once: that, zlib copies as what is left over."""

    def __init__(self, member: Any, given: list[int]) -> None:
        self._member = member
        self._given = given

    def decompress(self, piece: bytes, most: int) -> Any:
        self._given.append(len(piece))
        return self._member.decompress(piece, most)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._member, name)


def test_of_a_body_of_many_tiny_members_only_small_pieces_are_read_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[int] = []
    real = zlib.decompressobj
    monkeypatch.setattr(zlib, "decompressobj", lambda wbits: Watched(real(wbits), given))

    assert inflated("gzip", gzip.compress(b"a") * 1000, Room()) == b"a" * 1000
    assert max(given) <= SMALL


def test_of_a_body_of_many_tiny_frames_only_small_pieces_are_copied() -> None:
    assert inflated("zstd", Whole(_zstd(b"a") * 1000), Room()) == b"a" * 1000


def test_what_inflates_beyond_any_events_is_refused_though_it_would_be_small_enough() -> None:
    assert refused("gzip", gzip.compress(bytes(1_000_000))) == (413, "too_large")
    assert len(inflated("gzip", gzip.compress(bytes(200_000)), Room())) == 200_000


def test_no_room_is_a_reason_to_come_again() -> None:
    assert refused("gzip", gzip.compress(bytes(100_000)), Room(50_000)) == (503, "overloaded")


async def test_a_body_that_takes_too_long_is_refused_and_gives_its_room_back() -> None:
    room, payload = Room(), half_a_body(connected=True)

    with pytest.raises(NotAccepted) as caught:
        async with body_of(make_mocked_request("POST", "/", payload=payload), room, seconds=0):
            pass

    assert (caught.value.status, caught.value.reason, room.taken) == (408, "slow_body", 0)


async def test_who_goes_away_in_the_midst_of_a_body_has_sent_a_broken_one() -> None:
    room, payload = Room(), half_a_body(connected=False)

    with pytest.raises(NotAccepted) as caught:
        async with body_of(make_mocked_request("POST", "/", payload=payload), room):
            pass

    assert (caught.value.status, caught.value.reason, room.taken) == (400, "broken_body", 0)
