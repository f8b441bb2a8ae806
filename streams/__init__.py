"""The worker: listens to Kafka, folds events, remembers what it has applied (docs/architecture.md).

Kafka ─▶ transport ─▶ agent ─▶ keeper ─▶ inbox ─▶ shard ─▶ models.fold
                                 │                  └──▶ forwarding ─▶ Kafka (other shards)
                                 ├──▶ storing ─▶ journal_writer ─▶ Kafka (journals)
                                 └──◀ restoring ◀── journal ◀── store ◀── Kafka (journals)

What it holds: holdings. Whether it may show that: membership, generation_watch. Which campaigns there are:
registry_watch. How it stands: lag, watchdog. All together: worker, generation_worker.
"""
