"""How often somebody may ask: token buckets by name, in memory alone and within a bound."""

import ipaddress
import socket
from collections import OrderedDict
from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

_MOST = 65_536
_IPV4_NET, _IPV6_NET = 3, 6
"""The bytes of an address that stand for it: /24 and /48."""
_MAPPED = bytes(10) + b"\xff\xff"


class Buckets:
    """A bucket for each of the `most` names seen last: `rate` tokens a second flow in, up to `burst`.

    Who is forgotten begins with a full one.
    """

    def __init__(self, rate: float, burst: float, most: int = _MOST) -> None:
        self._rate = rate
        self._burst = burst
        self._most = most
        self._known: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def wait(self, name: bytes, now: float) -> int:
        """Return the seconds until there is a token, 0 where there is one; `now` is in seconds."""
        tokens = self._tokens(name, now)
        return 0 if tokens >= 1 or not self._rate else ceil((1 - tokens) / self._rate)

    def take(self, name: bytes, now: float, tokens: float = 1) -> None:
        """Take tokens, on credit where there are too few."""
        self._known[name] = (self._tokens(name, now) - tokens, now)
        self._known.move_to_end(name)
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def _tokens(self, name: bytes, now: float) -> float:
        tokens, since = self._known.get(name, (self._burst, now))
        # A clock that is set back takes nothing away.
        return min(self._burst, tokens + max(0.0, now - since) * self._rate)


class Network(NamedTuple):
    """A range of addresses: the first, how many of its bits count, and its family's length in bytes."""

    first: int
    bits: int
    size: int


def networks(text: str) -> tuple[Network, ...]:
    """Read addresses and ranges, comma between several: `127.0.0.1, 10.0.0.0/8, fd00::/8`.

    Raises:
        ValueError: one of them is no such range.

    """
    found = [ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip()]
    return tuple(Network(int(one.network_address), one.prefixlen, one.max_prefixlen // 8) for one in found)


def packed(address: str) -> bytes | None:
    """Return an address's bytes, 4 or 16; None for what is none."""
    try:
        if ":" not in address:
            return socket.inet_pton(socket.AF_INET, address)
        found = socket.inet_pton(socket.AF_INET6, address.partition("%")[0])
    except (OSError, ValueError):
        return None
    return found[12:] if found.startswith(_MAPPED) else found


def prefix(address: bytes) -> bytes:
    """Return what stands for an address, and for its neighbours: no whole address is kept."""
    return address[: _IPV4_NET if len(address) == 4 else _IPV6_NET]


def client(peer: bytes, forwarded: str, trusted: Sequence[Network]) -> bytes | None:
    """Return the address of who asked, by `X-Forwarded-For` as far as proxies that are trusted wrote it.

    None where a trusted peer names nobody: then it asks for itself.
    """
    if not _is_in(peer, trusted):
        return peer
    for said in reversed(forwarded.split(",")):
        found = packed(_without_port(said.strip()))
        if found is None:
            return None
        if not _is_in(found, trusted):
            return found
    return None


def _without_port(said: str) -> str:
    """Return an address without the port, which some proxies write, and the brackets of IPv6."""
    if said.startswith("["):
        return said[1:].partition("]")[0]
    return said.partition(":")[0] if said.count(":") == 1 else said


def _is_in(address: bytes, ranges: Sequence[Network]) -> bool:
    number, size = int.from_bytes(address), len(address)
    return any(size == one.size and (number ^ one.first) >> (8 * size - one.bits) == 0 for one in ranges)
