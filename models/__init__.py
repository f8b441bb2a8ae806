"""What the service knows: events, campaigns, tallies and KPI formulas.

Pure: no Kafka, no Redis, no clock, no environment; imports nothing else of ours.

    bytes ─▶ decoding ─▶ judging ─▶ fold ─▶ reading ─▶ kpis
               ▲            ▲        │ ▲
        events, parsing  campaigns   ▼ │ replay
                                    delta

The fold counts in `counts` (by leaf and window), `audience` and `reach` (people), `order_book` (orders),
and remembers event ids in `duplicates`; what it changed is gathered in `pending` and cut into a `delta`.
"""
