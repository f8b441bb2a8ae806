"""Cancellations and refunds of a sale, in every form that a shop sends them, drawn by a seed."""

import random
from collections.abc import Callable

from tests.system.support.spoiling import Fields

Adjust = Callable[[Fields, random.Random], list[Fields]]


def _cancelled(sale: Fields, chance: random.Random) -> list[Fields]:
    return [{"status": "cancelled"}]


def _cancelled_twice(sale: Fields, chance: random.Random) -> list[Fields]:
    return [{"status": "cancelled"}, {"status": "cancelled", **_amount(sale, 1)}]


def _cancelled_and_refunded(sale: Fields, chance: random.Random) -> list[Fields]:
    return [{"status": "cancelled"}, {"status": "refunded", **_amount(sale, 0.5)}]


def _refunded(sale: Fields, chance: random.Random) -> list[Fields]:
    return [{"status": "refunded"}]


def _refunded_in_part(sale: Fields, chance: random.Random) -> list[Fields]:
    return [{"status": "refunded", **_amount(sale, chance.uniform(0.05, 0.9))}]


def _refunded_in_parts(sale: Fields, chance: random.Random) -> list[Fields]:
    return [{"status": "refunded", **_amount(sale, 0.2)} for _ in range(chance.randint(2, 4))]


def _refunded_in_part_then_whole(sale: Fields, chance: random.Random) -> list[Fields]:
    return [*_refunded_in_part(sale, chance), *_refunded(sale, chance)]


def _refunded_beyond_the_sale(sale: Fields, chance: random.Random) -> list[Fields]:
    return [{"status": "refunded", **_amount(sale, 0.7)}, {"status": "refunded", **_amount(sale, 0.7)}]


def _refunded_elsewhere(sale: Fields, chance: random.Random) -> list[Fields]:
    return [{"status": "refunded", **_amount(sale, 0.3), "currency": chance.choice(("EUR", "USD", "CHF"))}]


def _refunded_nothing(sale: Fields, chance: random.Random) -> list[Fields]:
    return [{"status": "refunded", "revenue": 0, "currency": "GBP"}]


def _refunded_whole_without_a_rate(sale: Fields, chance: random.Random) -> list[Fields]:
    return [{"status": "refunded", "currency": "AED"}]


def _of_another_kind(sale: Fields, chance: random.Random) -> list[Fields]:
    return [{"status": chance.choice(("cancelled", "refunded")), "kind": "quote_request"}]


def _of_another_order(sale: Fields, chance: random.Random) -> list[Fields]:
    status = chance.choice(("cancelled", "refunded"))
    return [{"status": status, "order_id": f"never-made/{chance.getrandbits(32)}"}]


WAYS: tuple[Adjust, ...] = (
    _cancelled,
    _cancelled,
    _cancelled_twice,
    _cancelled_and_refunded,
    _refunded,
    _refunded_in_part,
    _refunded_in_parts,
    _refunded_in_part_then_whole,
    _refunded_beyond_the_sale,
    _refunded_elsewhere,
    _refunded_nothing,
    _refunded_whole_without_a_rate,
    _of_another_kind,
    _of_another_order,
)


def adjustments(sale: Fields, other: Callable[[], Fields], chance: random.Random) -> list[Fields]:
    """Make the adjustments of a sale: some have only the fields that are required, others are whole events.

    `other` makes a conversion of the same campaign, of whose fields each adjustment takes id and time.
    """
    named = {"order_id": sale.get("order_id") or sale["event_id"]}
    if sale["kind"] != "purchase" or chance.random() < 0.5:
        named["kind"] = sale["kind"]
    made: list[Fields] = []
    for words in chance.choice(WAYS)(sale, chance):
        event = other()
        if not made and chance.random() < 0.3:
            event["event_id"] = sale["event_id"]
        least = {name: event[name] for name in ("type", "event_id", "event_time", "campaign_id")}
        if chance.random() < 0.3:
            least = {name: value for name, value in event.items() if name not in ("revenue", "currency")}
        made.append({**least, **named, **words})
    return made


def _amount(sale: Fields, share: float) -> Fields:
    """Name a share of the sale's revenue in its currency; some amount where the sale names none."""
    amount = round(sale.get("revenue", 20) * share, 2)
    return {"revenue": amount, "currency": sale.get("currency", "EUR")}
