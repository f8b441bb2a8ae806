"""What the service knows: events, campaigns, tallies and KPI formulas.

Pure: no Kafka, no Redis, no clock, no environment; imports nothing else of ours.

    bytes ─▶ parsing ─▶ events ─▶ admission ─▶ fold ─▶ reading ─▶ kpis
                                      ▲          │
                                 campaigns    tally, orders, people
"""
