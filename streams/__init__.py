"""The worker: listens to Kafka, counts events, remembers what it has applied (docs/architecture.md).

Each room imports those before it in the list:

    kafka    Faust and aiokafka, made safe and fast
    journal  the log of each shard's state
    rating   texts rated in a process beside
    shard    what is assigned, applied, stored, forwarded and refused
    worker   one worker from start to end

    Kafka ─▶ kafka ─▶ shard ─▶ models.state
               ▲        │  ▲
               └─journal┘  └─▶ rating
"""
