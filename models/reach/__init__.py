"""Distinct people by scope and rolling window: exact while they are few, sampled when they are many.

Counts people alone; everything that adds up is counted in models.state.
"""
