"""What the service knows: events, campaigns, what they add up to, and the KPIs made of that.

Pure: no Kafka, no Redis, no clock, no environment; imports nothing else of ours. Each room imports those
before it in the list:

    core        work over columns of plain numbers
    statistics  intervals and distributions
    kpis        every KPI, declared once; formulas of figures
    campaigns   what managers declare: flights, costs, targets, thresholds
    events      bytes to events, or to the reason why not
    admission   which events count
    reach       distinct people
    state       what a shard remembers and stores
    readings    state and campaigns to figures
    metrics     what is on /metrics: names, labels, help

    bytes ─▶ events ─▶ admission ─▶ state ─▶ readings ─▶ kpis
                          ▲         reach       ▲
                          └──── campaigns ──────┘
"""
