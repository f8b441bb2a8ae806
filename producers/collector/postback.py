"""Postbacks: a network or shop reports an order by calling an address, with parameters of many names.

Who may call is proven by a signature over the parameters, or by a token where the sender cannot sign; a valid
click id alone is enough only where the secrets allow it (`unsigned_postbacks`): whoever clicked has one.
"""

import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from models.kinds import USUAL_CONVERSION
from models.scopes import ABSENT, Leaf
from models.times import SECOND
from producers.collector.attribution import Attributed, Attribution, Claim, campaigns_to_tell
from producers.collector.click_ids import BadClickId, Click, is_macro
from producers.collector.incoming import Incoming, NotAccepted, Translated
from producers.collector.orders import Adjusting, Money, Order, adjustment, derived_id, sale
from producers.collector.postback_words import ADJUSTING, CONFIRMED, NAMES, UNDECIDED
from producers.collector.secrets import PostbackSource, Secrets
from producers.collector.signatures import is_one_of, is_signed
from producers.collector.untrusted import decimal_of, is_plain, time_of

UNSIGNED = "postback"
"""The source of postbacks that nobody signed."""

_TOLERANCE = 300 * SECOND
_UNIX = re.compile(r"[0-9]{10}")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_HEX = re.compile(r"[0-9A-Fa-f]{64}")


def translate(incoming: Incoming, secrets: Secrets, attribution: Attribution) -> Translated:
    """Read a postback.

    Raises:
        NotAccepted: 401 where the sender does not prove who it is, 403 where the campaign is not its own, 400
            where a parameter is missing, a macro, or not what it should be.

    """
    given = _parameters(incoming.query)
    source, known = _sender(incoming, given, secrets)
    return _Postback(given, source, known, incoming.now, attribution).translated()


def canonical(query: Iterable[tuple[str, str]]) -> bytes:
    """Return what a sender signs: all parameters but `sig`, sorted by name and value, percent-encoded."""
    named = sorted((name, value) for name, value in query if name.lower() != "sig")
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in named).encode()


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def _parameters(query: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the parameters that are known, by their name of ours, without those that are empty."""
    given: dict[str, str] = {}
    for called, value in query:
        name = NAMES.get(called.lower())
        if name is None or not value.strip():
            continue
        if is_macro(value):
            raise NotAccepted(400, "unfilled_macro", name)
        if not is_plain(value):
            raise NotAccepted(400, "invalid_field", name)
        if given.setdefault(name, value.strip()) != value.strip():
            raise NotAccepted(400, "repeated_parameter", name)
    return given


def _sender(
    incoming: Incoming, given: Mapping[str, str], secrets: Secrets
) -> tuple[str, PostbackSource | None]:
    """Return the source and what is known of it, once it has proven who it is."""
    source = given.get("source")
    if source is None:
        if not secrets.unsigned_postbacks:
            raise NotAccepted(401, "missing_source", "source")
        if "click_id" not in given:
            raise NotAccepted(401, "missing_click_id", "click_id")
        return UNSIGNED, None
    known = secrets.postbacks.get(source)
    if known is None:
        raise NotAccepted(401, "unknown_source", "source")
    if known.proof == "token":
        if not is_one_of(known.secrets, given.get("token", "")):
            raise NotAccepted(401, "bad_token", "token")
    else:
        _check_signature(incoming, given, known)
    return source, known


def _check_signature(incoming: Incoming, given: Mapping[str, str], known: PostbackSource) -> None:
    if "sig" not in given or not _HEX.fullmatch(given["sig"]):
        raise NotAccepted(401, "missing_signature" if "sig" not in given else "bad_signature", "sig")
    if not is_signed(known.secrets, canonical(incoming.query), binascii.unhexlify(given["sig"])):
        raise NotAccepted(401, "bad_signature", "sig")
    if "ts" not in given:
        raise NotAccepted(401, "missing_timestamp", "ts")
    if abs(incoming.now - _unix(given["ts"])) > _TOLERANCE:
        raise NotAccepted(401, "stale_signature", "ts")


@dataclass(frozen=True, slots=True)
class _Postback:
    given: Mapping[str, str]
    source: str
    known: PostbackSource | None
    now: int
    attribution: Attribution

    def translated(self) -> Translated:
        """Return the event that it tells of; none while the network has not decided."""
        status = self.given.get("status", "confirmed").lower()
        if status in UNDECIDED:
            return Translated((), ("pending",))
        if status not in CONFIRMED and status not in ADJUSTING:
            raise NotAccepted(400, "invalid_field", "status")
        adjusting = ADJUSTING.get(status)
        return self._adjusted(adjusting) if adjusting else self._sold()

    def _sold(self) -> Translated:
        attributed = self._attributed(self._at())
        if attributed.leaf is None:
            raise NotAccepted(400, "no_campaign", "campaign_id")
        event = sale(self._order(), attributed, self._event_id("confirmed"), self._money())
        return Translated((event,), attributed.notes)

    def _adjusted(self, status: Adjusting) -> Translated:
        """Take an order back; its click id and code hold whenever it was placed, which is not told."""
        if self.known is None:
            raise NotAccepted(401, "missing_source", "source")
        campaigns = campaigns_to_tell(self._attributed(None), self.known.campaigns)
        if not campaigns:
            raise NotAccepted(400, "no_campaign", "campaign_id")
        money = self._money() if status == "refunded" else None
        # 5.00 is 5, or a report that is written otherwise would take it back again.
        amount = f"{money.amount.normalize():f}" if money else ""
        told = (self.given.get("refund_id", ""), amount) if status == "refunded" else ()
        event_id = self._event_id(status, *told)
        order = self._order(must_be_named=True)
        return Translated(tuple(adjustment(order, one, status, event_id, money) for one in campaigns))

    def _attributed(self, at: int | None) -> Attributed:
        codes = (self.given["code"],) if "code" in self.given else ()
        served = self.known.campaigns if self.known else None
        return self.attribution.attribute(Claim(at, self._click(at), codes, self._declared(), served))

    def _click(self, at: int | None) -> Click | None:
        if "click_id" not in self.given:
            return None
        try:
            click = self.attribution.click_ids.read(self.given["click_id"], at)
        except BadClickId as error:
            raise NotAccepted(400, error.reason, "click_id") from None
        self._check_campaign(click.leaf.campaign, "click_id")
        return click

    def _declared(self) -> Leaf | None:
        """Return what the sender says of itself: at least its campaign, which may be the only one it has."""
        campaigns = self.known.campaigns if self.known else None
        only = next(iter(campaigns)) if campaigns and len(campaigns) == 1 else None
        campaign = self.given.get("campaign_id", only) if self.known else None
        if campaign is None:
            return None
        self._check_campaign(campaign, "campaign_id")
        names = (
            self.given.get(name, ABSENT) for name in ("influencer_id", "content_id", "channel", "format")
        )
        return Leaf(campaign, *names)

    def _check_campaign(self, campaign: str, field: str) -> None:
        if self.known and self.known.campaigns is not None and campaign not in self.known.campaigns:
            raise NotAccepted(403, "other_campaign", field)

    def _order(self, *, must_be_named: bool = False) -> Order:
        name = self.given.get("order_id")
        must_be_named |= self._kind() == USUAL_CONVERSION or "click_id" not in self.given
        if name is None and must_be_named:
            raise NotAccepted(400, "missing_field", "order_id")
        return Order(self.source, name, self._at(), self._kind())

    def _event_id(self, *told: str) -> str:
        """Return the same id for whatever tells the same of an order, or, without one, of a click."""
        order, click = self.given.get("order_id", ""), self.given.get("click_id", "")
        return derived_id("postback", self.source, self._kind(), order or click, *told)

    def _kind(self) -> str:
        return self.given.get("kind", USUAL_CONVERSION).lower()

    def _at(self) -> int:
        if "event_time" in self.given:
            return time_of(self.given["event_time"], "event_time")
        return _unix(self.given["ts"]) if "ts" in self.given else self.now

    def _money(self) -> Money | None:
        if "revenue" not in self.given:
            return None
        amount = decimal_of(self.given["revenue"])
        if amount is None or amount < 0:
            raise NotAccepted(400, "invalid_field", "revenue")
        if "currency" not in self.given:
            raise NotAccepted(400, "missing_field", "currency")
        if not _CURRENCY.fullmatch(self.given["currency"]):
            raise NotAccepted(400, "invalid_field", "currency")
        return Money(amount, self.given["currency"].upper())


def _unix(text: str) -> int:
    if not _UNIX.fullmatch(text):
        raise NotAccepted(400, "invalid_field", "ts")
    return int(text) * SECOND
