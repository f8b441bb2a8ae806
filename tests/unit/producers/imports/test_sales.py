"""Rows of orders and refunds become conversions and adjustments; what is wrong of one is named by column."""

from pathlib import Path

import pytest

from producers.imports.rows import Made
from tests.unit.producers.imports.building import events, own_map, problems, read

ORDERS = """
    source: shop
    campaign: glow
    influencer: {column: Code, otherwise: none}
    influencers: {ANA15: ana}
    time: {column: At, zone: UTC}
    orders:
      order_id: Name
      revenue: Total
      currency: {column: Currency}
      status: Status
      statuses: {paid: confirmed, voided: cancelled, refunded: refunded}
      attributed_by: code
"""
REFUNDS = """
    source: shop
    campaign: glow
    numbers: {decimal: ","}
    time: {column: At, zone: UTC}
    refunds: {order_id: Name, revenue: Refund, currency: EUR}
"""


def test_an_order_is_a_conversion_with_its_amount(tmp_path: Path) -> None:
    content = "Name,At,Code,Total,Currency,Status\n#1,2026-11-20 10:00,ANA15,84.90,EUR,paid\n"
    assert events(own_map(tmp_path, ORDERS), content, None) == [
        {
            "type": "conversion",
            "kind": "purchase",
            "campaign_id": "glow",
            "influencer_id": "ana",
            "order_id": "#1",
            "revenue": 84.9,
            "currency": "EUR",
            "attributed_by": "code",
            "event_time": "2026-11-20T10:00:00Z",
            "source": "shop",
        }
    ]


def test_an_order_that_was_taken_back_is_a_sale_and_an_adjustment(tmp_path: Path) -> None:
    header = "Name,At,Code,Total,Currency,Status\n"
    content = header + "#1,2026-11-20,,84,EUR,voided\n#2,2026-11-20,WELCOME,,EUR,refunded\n"
    found = events(own_map(tmp_path, ORDERS), content, None)
    assert [(one["order_id"], one.get("status"), one.get("revenue")) for one in found] == [
        ("#1", None, 84),
        ("#1", "cancelled", None),
        ("#2", None, None),
        ("#2", "refunded", None),
    ]
    assert {one["influencer_id"] for one in found} == {"none"}
    assert not any("attributed_by" in one for one in found)


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        (",2026-11-20,,1,EUR,paid", "Name", "is empty: which order is it?"),
        ("#1,20/11/2026,,1,EUR,paid", "At", "20/11/2026 is no time of the form"),
        ("#1,2026-11-20,,€1,EUR,paid", "Total", "€1 is no number"),
        ("#1,2026-11-20,,1,€,paid", "Currency", "€ is no currency: a code of three letters is, such as EUR"),
        ("#1,2026-11-20,,1,,paid", "Currency", "an empty cell is no currency"),
        ("#1,2026-11-20,,1,EUR,open", "Status", "open is not listed in the map's statuses"),
    ],
)
def test_what_is_wrong_of_an_order_is_named(tmp_path: Path, row: str, column: str, rule: str) -> None:
    content = f"Name,At,Code,Total,Currency,Status\n{row}\n"
    [(at, said)] = problems(own_map(tmp_path, ORDERS), content, None)
    assert at == column
    assert said.startswith(rule)


@pytest.mark.parametrize(
    ("header", "row", "code"),
    [
        ("Name,At,Code,Total,Currency,Status", "#1,2026-11-20,,1,usd,paid", "USD"),
        ("Name,At,Code,Total,Currency,Status", "#1,2026-11-20,,1,,paid", "EUR"),
        ("Name,At,Code,Total,Status", "#1,2026-11-20,,1,paid", "EUR"),
    ],
)
def test_a_currency_is_read_in_any_case_and_may_have_one_for_empty_cells(
    tmp_path: Path, header: str, row: str, code: str
) -> None:
    by = own_map(tmp_path, ORDERS.replace("{column: Currency}", "{column: Currency, otherwise: EUR}"))
    [order] = events(by, f"{header}\n{row}\n", None)
    assert order["currency"] == code


def test_each_refund_gives_back_its_amount_and_has_an_id_of_its_own(tmp_path: Path) -> None:
    content = "Name;At;Refund\n#1;2026-11-20 10:00;5,50\n#1;2026-11-21 10:00;5,50\n"
    found = [one for one in read(own_map(tmp_path, REFUNDS), content, None) if isinstance(one, Made)]
    assert [(one.event["status"], one.event["revenue"]) for one in found] == [("refunded", 5.5)] * 2
    assert len({one.event["event_id"] for one in found}) == 2
    assert problems(own_map(tmp_path, REFUNDS), "Name;At;Refund\n#1;2026-11-20;-\n", None) == [
        ("Refund", "says no amount")
    ]


@pytest.mark.parametrize("sign", ["-", "−", " - "])
def test_a_refund_may_be_written_as_what_the_shop_lost(tmp_path: Path, sign: str) -> None:
    [refund] = events(
        own_map(tmp_path, REFUNDS), f"Name;At;Refund\n#1;2026-11-20 10:00;{sign}1.005,50\n", None
    )
    assert refund["revenue"] == 1005.5


def test_the_amount_of_a_sale_is_never_negative(tmp_path: Path) -> None:
    content = "Name,At,Code,Total,Currency,Status\n#1,2026-11-20,,-84,EUR,paid\n"
    assert problems(own_map(tmp_path, ORDERS), content, None) == [("Total", "-84 is negative")]
