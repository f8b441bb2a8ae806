"""Who may ask, and how often: by the address that a request is from, and by the key that it shows."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from aiohttp import web

from models.times import SECOND
from producers.collector.asked import Asked
from producers.collector.incoming import NotAccepted, TryLater
from producers.collector.rate_limits import Buckets, Network, client, packed, prefix
from producers.collector.secrets import ApiKey, Secrets

_BURST_SECONDS = 10
"""How much of its rate somebody may take at once."""


class Gate:
    """Lets `rate` requests a second in from neighbouring addresses (0: any), and as many events as a key may.

    `proxies` are those that are believed whom they ask for. Whole addresses are kept nowhere.
    """

    def __init__(self, rate: float, proxies: Sequence[Network], secrets: Secrets) -> None:
        self._rate = rate
        self._proxies = proxies
        self._secrets = secrets
        self._addresses = Buckets(rate, rate * _BURST_SECONDS)
        limits = {name: key.events_per_second for name, key in secrets.api_keys.items()}
        self._keys = {name: Buckets(most, most * _BURST_SECONDS, 1) for name, most in limits.items() if most}

    def check(self, asked: Asked, *, count: bool) -> None:
        """Let a request in, and `count` it to its address.

        Raises:
            TryLater: too many came from there.

        """
        address = _address(asked.request, self._proxies) if self._rate else None
        if address is None:
            return
        name, now = prefix(address), asked.now / SECOND
        wait = self._addresses.wait(name, now)
        if wait:
            raise TryLater(429, "rate_limited", wait)
        if count:
            self._addresses.take(name, now)

    @contextmanager
    def proving(self, asked: Asked) -> Iterator[None]:
        """Count a request to its address if its sender turns out not to prove who it is."""
        try:
            yield
        except NotAccepted as error:
            if error.status == 401:
                self.check(asked, count=True)
            raise

    def key(self, asked: Asked) -> tuple[str, ApiKey]:
        """Return the name of the key that a request shows, and the key.

        Raises:
            NotAccepted: 401, it shows none that is known; 429, too many such came from there.

        """
        self.check(asked, count=False)
        with self.proving(asked):
            found = self._secrets.api_key(_shown(asked.request.headers.get("Authorization", "")))
            if found is None:
                raise NotAccepted(401, "wrong_key", "Authorization")
            return found

    def count_events(self, key: str, events: int, now: int) -> None:
        """Count events to the key of a name.

        Raises:
            TryLater: too many came with it.

        """
        buckets = self._keys.get(key)
        if buckets is None:
            return
        wait = buckets.wait(b"", now / SECOND)
        if wait:
            raise TryLater(429, "rate_limited", wait)
        buckets.take(b"", now / SECOND, events)


def _address(request: web.BaseRequest, proxies: Sequence[Network]) -> bytes | None:
    """Return the address of who asked; None where it is not known."""
    peer = request.transport.get_extra_info("peername") if request.transport else None
    found = packed(peer[0]) if peer else None
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", ()))
    return None if found is None else client(found, forwarded, proxies)


def _shown(authorization: str) -> str:
    """Return the key that a header shows: a bearer's, or the user name of Segment's libraries."""
    scheme, _, shown = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return shown.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(shown.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
