"""The worker: listens to Kafka, folds events, remembers what it has applied.

transport ─▶ agent ─▶ inbox ─▶ keeper ─▶ models.fold ─▶ changelog
                                 ▲
                          registry_watch
"""
