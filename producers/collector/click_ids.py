"""Click ids: what a redirect hands to the shop as `kpi_click`, and the shop hands back with an order.

A click id says whose click it was and when, and is signed. So an order is attributed without any memory of
the click, and nobody can make one, or move one to another campaign. It is base64url without padding of

    form (1 byte) · time (4 bytes, seconds since 1970) · names · MAC (12 bytes of HMAC-SHA-256 of all before)

The names are those of the leaf, so a link may be changed or removed while its clicks are out. Only where they
are too long together (some 170 characters) are campaign and link named in their place, with a digest of the
leaf: a link that was removed since, or leads to another leaf, then attributes its orders to the campaign
alone. At most `LONGEST` characters of `A-Za-z0-9_-`: as much as Stripe's `client_reference_id` and most
networks carry.
"""

import binascii
import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import SecretStr

from models.scopes import ABSENT, Leaf
from models.times import SECOND
from producers.collector.signatures import is_signed, mac

LONGEST = 200
"""How many characters a click id may have."""

BadReason = Literal["unfilled_macro", "malformed_click_id", "forged_click_id", "expired"]

_WHOLE, _LINKED = 1, 2
_TIME_BYTES, _MAC_BYTES, _DIGEST_BYTES = 4, 12, 4
_LEAST = 1 + _TIME_BYTES + _MAC_BYTES
_SEPARATOR = "|"
# Whatever a name may hold, and what stands between two: their places are digits, the first of which is 1.
_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-" + _SEPARATOR
_DIGITS = {sign: digit for digit, sign in enumerate(_SIGNS)}
# What networks write macros as: {id} {{id}} ${id} %7Bid%7D __ID__ [ID] <id> %%id%% #id#. Braces are in
# nobody's ids, so they give a macro away within other text, too.
_BRACES = re.compile(r"\{[^{}]*\}|%7[Bb]")
_MACRO = re.compile(r"__[A-Za-z][A-Za-z0-9_]*__|\[[A-Za-z_ -]+\]|<[A-Za-z_ -]+>|%%[A-Za-z_]+%%|#[A-Za-z_]+#")
# Both forms begin with six bits that are 0.
_FORM = re.compile(rf"A[A-Za-z0-9_-]{{{_LEAST * 4 // 3},{LONGEST - 1}}}")


class BadClickId(Exception):
    """A click id that attributes nothing; `reason` says why."""

    def __init__(self, reason: BadReason) -> None:
        super().__init__(reason)
        self.reason: BadReason = reason


@dataclass(frozen=True, slots=True)
class Click:
    """What a click id says. Of a link that is not what it was only the campaign is known."""

    leaf: Leaf
    time: int

    @property
    def is_placed(self) -> bool:
        """Whether its influencer is known."""
        return self.leaf.influencer != ABSENT


@dataclass(frozen=True, slots=True)
class ClickIds:
    """Makes and reads click ids.

    `keys` are the current key, which signs, and the former one, which is accepted, too. `links` are the
    leaves of the registered links by campaign and id. `lifetime` is in microseconds.
    """

    keys: tuple[SecretStr, ...]
    links: Mapping[tuple[str, str], Leaf]
    lifetime: int

    def make(self, leaf: Leaf, link: str, time: int) -> str:
        """Return the id of a click on a link, at a time in microseconds."""
        when = (time // SECOND).to_bytes(_TIME_BYTES, "big")
        whole = self._signed(bytes([_WHOLE]) + when + _packed(leaf))
        if len(whole) <= LONGEST:
            return whole
        names = _packed((leaf.campaign, link))
        return self._signed(bytes([_LINKED]) + when + _digest(leaf) + names)

    def read(self, text: str, at: int | None) -> Click:
        """Return what a click id says to an order of the time `at` (microseconds).

        Where that is not told, None, it never expires.

        Raises:
            BadClickId: a sender did not fill it in, it is none of ours, or the order comes too late.

        """
        if is_macro(text):
            raise BadClickId("unfilled_macro")
        signed, given = _parts(text)
        if not is_signed(self.keys, signed, given, size=_MAC_BYTES):
            raise BadClickId("forged_click_id")
        time = int.from_bytes(signed[1 : 1 + _TIME_BYTES], "big") * SECOND
        if at is not None and at - time > self.lifetime:
            raise BadClickId("expired")
        return Click(self._leaf(signed[0], signed[1 + _TIME_BYTES :]), time)

    def _signed(self, said: bytes) -> str:
        return _text(said + mac(self.keys[0], said)[:_MAC_BYTES])

    def _leaf(self, form: int, said: bytes) -> Leaf:
        try:
            if form == _WHOLE:
                return Leaf(*_unpacked(said))
            campaign, link = _unpacked(said[_DIGEST_BYTES:])
        except (TypeError, ValueError):
            # Signed by a key of ours, and yet in no form of ours: by another release.
            raise BadClickId("malformed_click_id") from None
        leaf = self.links.get((campaign, link))
        if leaf is not None and _digest(leaf) == said[:_DIGEST_BYTES]:
            return leaf
        return Leaf(campaign, ABSENT, ABSENT, ABSENT)


def is_macro(text: str) -> bool:
    """Return whether a text is a macro that a sender did not fill in: `{click_id}`, `__CLICKID__`."""
    return _BRACES.search(text) is not None or _MACRO.fullmatch(text.strip()) is not None


def may_be_click_id(text: str) -> bool:
    """Return whether a text has the form of a click id, where something else may stand in its place."""
    return _FORM.fullmatch(text) is not None


def _parts(text: str) -> tuple[bytes, bytes]:
    """Return what is signed, and the MAC. There is one text only for them: others are malformed."""
    try:
        octets = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) <= LONGEST else b""
    except (binascii.Error, ValueError):
        octets = b""
    if len(octets) < _LEAST or _text(octets) != text:
        raise BadClickId("malformed_click_id")
    return octets[:-_MAC_BYTES], octets[-_MAC_BYTES:]


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def _packed(names: tuple[str, ...]) -> bytes:
    number = 1
    for sign in _SEPARATOR.join(names):
        number = number * len(_SIGNS) + _DIGITS[sign]
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _unpacked(octets: bytes) -> list[str]:
    return "".join(reversed(list(_signs(int.from_bytes(octets, "big"))))).split(_SEPARATOR)


def _signs(number: int) -> Iterator[str]:
    while number > 1:
        number, digit = divmod(number, len(_SIGNS))
        yield _SIGNS[digit]


def _digest(leaf: Leaf) -> bytes:
    return hashlib.sha256(_packed(leaf)).digest()[:_DIGEST_BYTES]
