"""What a shard remembers of its events, what of that is stored, and how it is replayed and merged.

Knows no KPI: what the counts mean is said in models.readings.
"""
