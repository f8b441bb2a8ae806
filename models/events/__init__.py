"""Bytes to events, or to the reason why not: the schema, and the fast way that agrees with it.

Looks at one record alone: whether its campaign takes the event is decided in models.admission.
"""
