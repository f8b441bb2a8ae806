"""One worker from its start to its end: wiring, generations, health, and the campaign registry.

Counts nothing itself: shards do.
"""
