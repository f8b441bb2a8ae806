"""What networks call the parameters of a postback, and what becomes of an order."""

from collections.abc import Mapping

from producers.collector.orders import Adjusting

ALIASES: Mapping[str, tuple[str, ...]] = {
    "click_id": ("kpi_click", "clickid", "click-id", "cid"),
    "order_id": ("orderid", "order-id", "transaction_id", "txid"),
    "revenue": ("amount", "value", "payout"),
    "currency": (),
    "status": (),
    "code": ("coupon", "promo_code"),
    "kind": (),
    "refund_id": (),
    "event_time": (),
    "campaign_id": (),
    "influencer_id": (),
    "content_id": (),
    "channel": (),
    "format": (),
    "source": (),
    "token": (),
    "ts": (),
    "sig": (),
}
"""Each parameter, and what else it is called; all in any case."""
NAMES = {called: name for name, others in ALIASES.items() for called in (name, *others)}
"""Our name of each parameter, by what it is called in small letters."""

CONFIRMED = frozenset(
    (
        *("confirmed", "confirm", "approved", "approve", "accepted", "success", "successful"),
        *("completed", "complete", "paid", "sale"),
    )
)
_CANCELLED = (
    *("cancelled", "canceled", "cancel", "declined", "rejected", "reject", "reversed", "invalid"),
    *("void", "voided", "trash"),
)
_REFUNDED = ("refunded", "refund", "partially_refunded", "returned", "return", "chargeback", "charged_back")
ADJUSTING: Mapping[str, Adjusting] = {
    **dict.fromkeys(_CANCELLED, "cancelled"),
    **dict.fromkeys(_REFUNDED, "refunded"),
}
UNDECIDED = frozenset(("pending", "hold", "on_hold", "new", "open", "waiting", "processing"))
