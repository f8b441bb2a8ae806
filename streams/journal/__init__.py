"""The log of each shard's state: its records, how they are written, fenced and read back.

Carries deltas without looking inside.
"""
