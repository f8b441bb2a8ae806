"""The shards of a worker: what is assigned, applied, stored, forwarded and refused.

Neither connects to anything nor decides when to run: that is in streams.worker.
"""
